/* SPDX-License-Identifier: MIT */
/*
 * Estimation: pure functions on plain arrays, no I/O, no allocation that outlives a call. The
 * method and its reasons: docs/method.md.
 */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A location with its order-statistic interval. coverage is the true probability, not a nominal
 * one. */
struct stats_interval {
	double est, lo, hi;
	double min;
	double coverage; /* 0 when n < 2: lo and hi are then NaN */
	size_t n;
};

double stats_median(const double *x, size_t n); /* NaN when n == 0 */
double stats_mad(const double *x, size_t n);    /* median absolute deviation, times 1.4826 */

/*
 * Median with the narrowest symmetric order-statistic interval of at least 93 % true coverage (n=5:
 * min..max, 93.75 %; n=8: x2..x7, 93.0 %); below n=5 min..max with its true, lower coverage.
 */
struct stats_interval stats_median_interval(const double *x, size_t n);

/* Theil-Sen: median of the slopes of all pairs with different x. NaN when there is none. */
double stats_theil_sen(const double *x, const double *y, size_t n);

/*
 * Exits per operation of one reason in one block: slope(E on N) - lambda * slope(t on N).
 * lambda in exits per unit of t. NaN when fewer than two different N.
 */
double stats_exits_per_op(const double *ops, const double *exits, const double *time, size_t n,
			  double lambda);

/*
 * Lack of fit of E against N: largest relative deviation of a pair slope between neighbouring N
 * (medians of each N) from the whole slope, in units of their noise; above 3 the relation is not
 * linear. NaN with fewer than three different N.
 */
double stats_lack_of_fit(const double *ops, const double *exits, size_t n);

/* Upper 95 % limit of a rate after k = 0 events in n operations: 3/n. */
double stats_zero_limit(double n);

/*
 * Two-sided exact permutation test on the difference of means of two groups: full enumeration up to
 * 10^6 splits, else that many sampled with the seed, and *sampled says so. Returns p in (0, 1]; 1
 * when a group is empty.
 */
double stats_permutation(const double *a, size_t na, const double *b, size_t nb, uint64_t seed,
			 bool *sampled);

/* Benjamini-Hochberg: q[i] for p[i], in place is allowed. */
void stats_benjamini_hochberg(const double *p, double *q, size_t n);

/* Median difference b - a with its Hodges-Lehmann interval from the order statistics of all pairs,
 * or NaN bounds when n is small. */
struct stats_interval stats_shift(const double *a, size_t na, const double *b, size_t nb);

/* Small seeded generator (xoshiro256**), the same sequence on every machine. */
struct stats_rng {
	uint64_t s[4];
};
void stats_seed(struct stats_rng *rng, uint64_t seed);
uint64_t stats_random(struct stats_rng *rng, uint64_t below); /* uniform in [0, below), below > 0 */
void stats_shuffle(struct stats_rng *rng, size_t *index, size_t n);

#endif
