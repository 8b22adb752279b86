/* SPDX-License-Identifier: MIT */
/* Exit reasons as the tracepoint kvm_exit prints them: the table in the event's tracefs format. */
#ifndef NAMES_H
#define NAMES_H

#include "witness/problem.h"
#include "witness/reading.h"

struct name {
	struct scan text; /* in the format's text, which must outlive the table */
	uint32_t code;
};

struct names {
	struct name *name; /* ascending by text */
	size_t count, room;
};

/* Returns 0, or -ENOMEM with the fault; names_free() in both cases. */
int names_parse(struct names *n, const struct text *format, enum exitprobe_vendor vendor,
		struct problem *p, struct fault *f);
/* A name of the table, or 0x and the code, which is what the kernel prints for one without a name.
 * False for anything else. */
bool names_code(const struct names *n, const struct scan *text, uint32_t *code);
void names_free(struct names *n);

#endif
