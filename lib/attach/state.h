/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the BPF programs and their loader share. */
#ifndef ATTACH_STATE_H
#define ATTACH_STATE_H

#include "page.h"

#define ATTACH_VCPUS 1024

/* One vCPU: written by its own thread alone, as its exits come one after the other. */
struct vcpu_state {
	unsigned long long count[PAGE_SLOTS];
	unsigned long long page;   /* address of its struct exit_page in the VMM; 0: none */
	unsigned long long lost;   /* exits whose write failed, since the last that succeeded */
	unsigned long long failed; /* the same, ever */
};

#endif
