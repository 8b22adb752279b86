/* SPDX-License-Identifier: MIT */
/*
 * The page: exit counters in memory that host and guest share, one for each vCPU, written by the
 * host at each exit and read by the guest with plain loads. docs/page.md is the interface, byte by
 * byte; this header is what writer (lib/attach) and reader (page.c) share of it.
 */
#ifndef EXITPROBE_PAGE_H
#define EXITPROBE_PAGE_H

#define PAGE_MAGIC 0x6567617074697865ull /* "exitpage", little-endian */
#define PAGE_VERSION 2u
#define PAGE_STRIDE 8192u /* from one vCPU's page to the next */
#define PAGE_SLOTS 202u   /* kernel-patch/ABI.md, "Slots" */

/* flags */
#define PAGE_LIVE 0x1u   /* a host counts; cleared when it detaches */
#define PAGE_TIMED 0x2u  /* busy and wall are counted, too */
#define PAGE_COPIED 0x4u /* written by a copier, in passes, and not by each exit */

/* Fixed widths without <stdint.h>, which a BPF program does not have. */
struct exit_page {
	unsigned long long magic; /* written last, cleared first */
	unsigned int version;
	unsigned int slots;
	unsigned int vendor; /* 1 VMX, 2 SVM */
	unsigned int paging; /* 0 unknown, 1 nested, 2 shadow */
	unsigned int vcpu;   /* KVM's vcpu_id: the APIC id */
	unsigned int pages;  /* in this memory */
	unsigned int flags;
	unsigned int instance;   /* random, not 0; another for each attach */
	unsigned long long lost; /* exits that came while the page could not be written */
	char kernel[64];         /* of the host: uname -r */
	unsigned int tsc_khz; /* of the host, to make cycles of its times; 0 without PAGE_TIMED */
	unsigned int copy_us; /* PAGE_COPIED: the copier's pause between two passes */
	unsigned long long pass; /* PAGE_COPIED: begun and ended passes; odd within one */
	unsigned long long count[PAGE_SLOTS];
	struct page_time { /* ns of the host; 0 without PAGE_TIMED */
		unsigned long long busy, wall;
	} time[PAGE_SLOTS];
};

#endif
