/* SPDX-License-Identifier: MIT */
/*
 * Two sides held against each other, coarsely: for a report in words. Tests with error rates are
 * those of `suite compare`.
 */
#ifndef CHANGES_H
#define CHANGES_H

#include "estimate/sides.h"

/* One workload that both sides counted. */
struct change {
	const struct estimate_workload *a, *b;
	double total_a, total_b;          /* exits per op that the operation causes */
	double size;                      /* their difference; of a side and itself, the total */
	bool more, less;                  /* of at least one class, clearly */
	int direction[EXITPROBE_CLASSES]; /* 1 more, -1 less, 0 not clearly different */
};

struct changes {
	struct change *change; /* largest first */
	size_t changes;
	size_t more, less;
};

/* Clearly: the intervals do not meet, and at least ESTIMATE_TOLERANCE apart. Returns 0 or -ENOMEM;
 * changes_free() in both cases. */
int changes_make(struct changes *c, const struct side *a, const struct side *b);
void changes_free(struct changes *c);

#endif
