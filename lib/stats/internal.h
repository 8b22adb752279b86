/* SPDX-License-Identifier: MIT */
#ifndef STATS_INTERNAL_H
#define STATS_INTERNAL_H

#include <stddef.h>

#include "stats.h"

void stats_sort(double *x, size_t n);
/* Median of sorted values. NaN if n == 0. */
double stats_middle(const double *sorted, size_t n);
/* The same for values in any order, which it rearranges; no value may be NaN. */
double stats_middle_of(double *x, size_t n);
/*
 * Like stats_random() but without divisions, for millions of draws: some results are more likely
 * than others by below / 2^32.
 */
uint32_t stats_random_quick(struct stats_rng *rng, uint32_t below);
/* A sorted copy to free(), NULL if out of memory or n == 0. */
double *stats_sorted(const double *x, size_t n);

/*
 * An interval between two order statistics is accepted if its true coverage rounds to 93.0 % or
 * more: n = 8 reaches 92.97 % with x2..x7, and the next wider choice would be 99.2 %.
 */
#define STATS_COVERAGE 0.9295

#endif
