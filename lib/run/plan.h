/* SPDX-License-Identifier: MIT */
/* The order of everything in a run. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <stddef.h>
#include <stdint.h>

/* Number of sample sizes in a block, each twice the one before: the slope needs a spread
 * (docs/method.md). */
#define SIZES 4

/*
 * One randomised block: the order of all n workloads, and for each the order of its SIZES samples.
 * Depends on seed and repeat only.
 */
struct block {
	size_t *order;          /* [n] */
	uint8_t (*size)[SIZES]; /* [n][SIZES]: exponents 0..SIZES-1 */
};
int plan_block(struct block *b, size_t n, uint64_t seed, uint32_t repeat);
void plan_free(struct block *b);

#endif
