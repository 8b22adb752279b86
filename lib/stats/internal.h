/* SPDX-License-Identifier: MIT */
#ifndef STATS_INTERNAL_H
#define STATS_INTERNAL_H

#include <stddef.h>

#include "stats.h"

void stats_sort(double *x, size_t n);
/* Of sorted values. NaN when n == 0. */
double stats_middle(const double *sorted, size_t n);
/* The same of values in any order, which it changes; no value may be NaN. */
double stats_middle_of(double *x, size_t n);
/*
 * As stats_random() without its divisions, for millions of draws: some results are more likely than
 * others by below / 2^32.
 */
uint32_t stats_random_quick(struct stats_rng *rng, uint32_t below);
/* A sorted copy to free(), NULL when out of memory or n == 0. */
double *stats_sorted(const double *x, size_t n);

/*
 * An interval between two order statistics is taken when its true coverage rounds to 93.0 % or
 * more: n = 8 reaches 92.97 % with x2..x7, and the next wider choice would be 99.2 %.
 */
#define STATS_COVERAGE 0.9295

#endif
