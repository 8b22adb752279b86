/* SPDX-License-Identifier: MIT */
/* The guest's last reading: "SLOT KEY COUNT" a line, as pause.c writes it. */
#ifndef READING_H
#define READING_H

#include "exitprobe.h"
#include "witness/fault.h"
#include "witness/scan.h"

/* Counters of one exit reason that has a slot of its own, or of all others together. */
struct slot {
	uint32_t number; /* in the leaves, below EXITPROBE_SLOTS */
	uint32_t code;   /* the hardware's; EXITPROBE_CODE_OTHER */
	char key[24];
	uint64_t count; /* at most INT64_MAX */
};

struct reading {
	enum exitprobe_vendor vendor;
	unsigned int slots; /* at least 1 */
	struct slot slot[EXITPROBE_SLOTS];
	int by_number[EXITPROBE_SLOTS]; /* index into slot[], -1 for a number that is not used */
	int by_code[EXITPROBE_SLOTS]; /* indices into slot[], [slots] of them, ascending by code */
};

/* Returns 0, or a negative errno with the fault: a line that is not understood, a number that is
 * too large, a slot or a key that comes twice, keys of two vendors. */
int reading_parse(struct reading *r, const struct text *t, struct fault *f);

/*
 * Index of the slot that counts this exit reason as the tracepoint knows it: the basic reason on
 * VMX, the whole code on SVM, else the vendor's "other". -1 when the reading has no such slot.
 */
int reading_slot_of(const struct reading *r, uint32_t code);

#endif
