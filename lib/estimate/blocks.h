/* SPDX-License-Identifier: MIT */
/*
 * The samples of one workload as the estimators want them: plain arrays, one run of entries per
 * block (repeat). Blocks in which only one size was measured have no slope and are left out.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "result/result.h"

struct repetition {
	uint32_t repeat;
	size_t first, n; /* in the arrays of struct blocks */
};

struct blocks {
	const struct result_sample **sample; /* [n], by repeat */
	double *ops, *cycles;                /* [n] */
	double *guest; /* [n]: of the cycles those that the guest itself ran, see blocks_guest() */
	double *exits; /* [n]: the series that was asked for last */
	size_t n;
	struct repetition *block;
	size_t blocks;
	size_t left_out; /* blocks */
	double all_ops;
};

/*
 * counted: only samples that have exits. Returns 0 or -ENOMEM; blocks_free() in both cases.
 */
int blocks_make(struct blocks *b, const struct result_workload *w, bool counted);
void blocks_free(struct blocks *b);

/*
 * b->guest = cycles less what exits kept the vCPU out of the guest (their busy time). An interrupt
 * of the host ends guest execution only while there is some: the background of class interrupt goes
 * with this time, that of the guest's own timer with all time. Without busy times all time is the
 * guest's.
 */
void blocks_guest(struct blocks *b, const struct result *r);

/* b->exits = sum of the chosen reasons, [reasons] flags; returns the sum over all samples. */
uint64_t blocks_series(struct blocks *b, const bool *chosen, size_t reasons);
const struct repetition *blocks_find(const struct blocks *b, uint32_t repeat);

#endif
