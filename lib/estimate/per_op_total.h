/* SPDX-License-Identifier: MIT */
/* What a picture shows of one workload: the exits that its operation causes. */
#ifndef ESTIMATE_PER_OP_TOTAL_H
#define ESTIMATE_PER_OP_TOTAL_H

#include "estimate/estimate.h"

/* A class that the operation causes: seen, with an interval beyond 0, and not merely what
 * background may leave (expected to be 0, and inside that band). */
bool per_op_total_has(const struct estimate_class *c);

/* Sum of these classes: of their medians, and of each repeat. */
struct per_op_total {
	double est; /* NaN when nothing was counted; 0 when no class is caused */
	double *repeat;
	size_t repeats;
};

/* Returns 0 or -ENOMEM; per_op_total_free() in both cases. */
int per_op_total_make(struct per_op_total *t, const struct estimate_workload *w);
void per_op_total_free(struct per_op_total *t);

#endif
