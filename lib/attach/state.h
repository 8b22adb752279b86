/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the BPF programs and their loader share. */
#ifndef ATTACH_STATE_H
#define ATTACH_STATE_H

#include "page.h"

#define ATTACH_VCPUS 1024

#define ATTACH_WAITING 1

/* Offsets in the event kvm_exit, where a program cannot be told them: --copy. */
#define ATTACH_REASON_AT 8
#define ATTACH_VCPU_AT 56

/*
 * One vCPU: written by its own thread alone, as its exits come one after the other. The map holds
 * one of PAGE_STRIDE bytes for each, so that its memory is that of docs/page.md: a VMM can map it
 * as its guest's. So nothing below decides where is written.
 */
struct vcpu_state {
	struct exit_page page;
	unsigned long long dirty; /* a store failed, and none succeeded since */
	/* Times, in ns of the host's monotonic clock. */
	unsigned long long since; /* the exit that is being handled; 0: none */
	unsigned long long put;   /* the vCPU was taken from its CPU; 0: it is loaded */
	unsigned long long away;  /* not loaded, since the exit */
	unsigned int slot;        /* of the exit that is being handled */
	unsigned char padding[PAGE_STRIDE - sizeof(struct exit_page) - 4 * 8 - 4];
};

#endif
