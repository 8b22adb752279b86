/* SPDX-License-Identifier: MIT */
/*
 * The page: exit counters in memory that host and guest share, one for each vCPU, written by the
 * host at each exit and read by the guest with plain loads. docs/page.md is the interface, byte by
 * byte; this header is what writer (lib/attach) and reader (page.c) share of it.
 */
#ifndef EXITPROBE_PAGE_H
#define EXITPROBE_PAGE_H

#define PAGE_MAGIC 0x6567617074697865ull /* "exitpage", little-endian */
#define PAGE_VERSION 1u
#define PAGE_STRIDE 4096u /* from one vCPU's page to the next */
#define PAGE_SLOTS 202u   /* kernel-patch/ABI.md, "Slots" */
#define PAGE_LIVE 0x1u    /* flags: a host counts; cleared when it detaches */

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
	unsigned char reserved[16];
	unsigned long long count[PAGE_SLOTS];
};

#endif
