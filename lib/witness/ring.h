/* SPDX-License-Identifier: MIT */
/*
 * The text of the ring buffer (tracefs "trace"): every kvm_exit and kvm_cpuid from the marker, with
 * which the guest begins its last reading, to the pause.
 */
#ifndef RING_H
#define RING_H

#include "witness/names.h"
#include "witness/vcpus.h"

#define BITMAP_SLOTS 128 /* of one answer of leaf 0x4fffff04: kernel-patch/ABI.md */
#define RING_NEVER SIZE_MAX

struct ring {
	int16_t *exit; /* in this order: index of the slot in the reading, -1: it has none */
	size_t exits, room;
	/* How many exits had happened when the counter with this number, or this part of the bitmap
	 * of counters that are not zero, was last read; RING_NEVER. */
	size_t answered[EXITPROBE_SLOTS];
	size_t bitmap[EXITPROBE_SLOTS / BITMAP_SLOTS];
	/* A second marker ends the reading of exit pages, which is no exit: how many had happened
	 * before it; RING_NEVER. */
	size_t ended;
	size_t events;          /* lines of one */
	bool marked;            /* the first event is the marker */
	uint64_t clock;         /* of the last event */
	uint64_t held, written; /* as the text's head says */
	bool counted;           /* it says so */
};

/* What is needed to understand it. */
struct ring_context {
	const struct reading *reading;
	const struct names *names;
	const struct vcpus *vcpus;
	unsigned int guest; /* whose events it must hold, and no others */
};

/* Returns 0, or -ENOMEM with the fault; ring_free() in both cases. */
int ring_parse(struct ring *r, const struct text *t, const struct ring_context *c,
	       struct problem *p, struct fault *f);
/* Problem: its head gives another number of events than follow. */
void ring_check_count(const struct ring *r, struct problem *p);
/* How many exits came before the counter was read, by its own reading, by the bitmap's, or with all
 * others; RING_NEVER. */
size_t ring_before(const struct ring *r, uint32_t slot_number);
void ring_free(struct ring *r);

#endif
