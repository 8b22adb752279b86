/* SPDX-License-Identifier: MIT */
/*
 * Estimation: pure functions on plain arrays, no I/O, no allocation that outlives a call. All are
 * reentrant. What cannot be computed (no data, out of memory) is NaN. The method and its reasons:
 * docs/method.md.
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
	double coverage; /* 0 if n < 2: lo and hi are then NaN */
	size_t n;
};

double stats_median(const double *x, size_t n);
double stats_mad(const double *x, size_t n); /* median absolute deviation, times 1.4826 */

/*
 * Median with the narrowest symmetric order-statistic interval whose true coverage rounds to 93.0 %
 * or more (n=5: min..max, 93.75 %; n=8: x2..x7, 92.97 %); below n=5 min..max with its true, lower
 * coverage.
 */
struct stats_interval stats_median_interval(const double *x, size_t n);

/* Theil-Sen: median of the slopes of all pairs with different x. NaN if there is no pair. */
double stats_theil_sen(const double *x, const double *y, size_t n);

/*
 * lambda of one reason: exits per unit of time, from the samples of the control that only spins.
 * slope(exits on ops) / slope(time on ops): neither the constant cost of a window nor a burst in
 * one window counts as background.
 */
double stats_background(const double *ops, const double *exits, const double *time, size_t n);

/*
 * Exits per operation of one reason in one block: slope of (exits - lambda * time) on ops. lambda
 * in exits per unit of time. NaN with fewer than two different sizes.
 */
double stats_exits_per_op(const double *ops, const double *exits, const double *time, size_t n,
			  double lambda);

/*
 * Lack of fit of exits against ops: largest deviation between neighbouring sizes (medians of each
 * size) from the whole slope, in units of its noise; above 3 the relation is not linear. Several
 * samples of each size are needed to know the noise. NaN with fewer than three different sizes.
 */
double stats_lack_of_fit(const double *ops, const double *exits, size_t n);

/* Upper 95 % limit of a rate after k = 0 events in n operations: 3/n. */
double stats_zero_limit(double n);

/*
 * What depends only on the sizes of two groups, cached between calls: many comparisons have the
 * same sizes. Zero it first; threads must not share one.
 */
struct stats_sizes {
	size_t na, nb; /* sizes that rank and coverage belong to */
	size_t rank;
	double coverage;
	size_t drawn_n, drawn_k; /* sizes that the drawn splits belong to */
	uint8_t *drawn;          /* [most][bytes]: bit i of a split: value i is chosen */
	size_t *index;           /* [drawn_n]: shuffled continually */
	size_t draws, most, bytes;
	uint64_t rng[4];
};
void stats_sizes_free(struct stats_sizes *s);

/*
 * Two-sided exact permutation test on the difference of means of two groups: the share of all
 * splits whose |difference| is at least the observed one. All splits are counted up to 28 values
 * (14 against 14: 4 * 10^7 splits) and up to 10^6 splits of more values; so are those of groups of
 * one size that do not overlap. Else up to 10^6 splits are drawn, the same in every call, until
 * 1,000 of them are as extreme (Besag and Clifford), and *sampled says so. p in (0, 1]; 1 if a
 * group is empty. sizes may be NULL.
 */
double stats_permutation(const double *a, size_t na, const double *b, size_t nb,
			 struct stats_sizes *sizes, bool *sampled);
/* The smallest p that groups of these sizes can yield. */
double stats_permutation_least(size_t na, size_t nb);

/* Benjamini-Hochberg: q[i] for p[i], in place is allowed. NaN in p: not part of the family, NaN in
 * q. */
void stats_benjamini_hochberg(const double *p, double *q, size_t n);

/*
 * Hodges-Lehmann: median of all differences b - a with its interval from the distribution of Mann
 * and Whitney's U (n = 3 against 3: min..max, 90 %). NaN bounds if a group has fewer than 2 values.
 * n is the number of pairs. sizes may be NULL.
 */
struct stats_interval stats_shift(const double *a, size_t na, const double *b, size_t nb,
				  struct stats_sizes *sizes);

/* Small seeded generator (xoshiro256**), the same sequence on every machine. */
struct stats_rng {
	uint64_t s[4];
};
void stats_seed(struct stats_rng *rng, uint64_t seed);
uint64_t stats_random(struct stats_rng *rng, uint64_t below); /* in [0, below), below > 0 */
void stats_shuffle(struct stats_rng *rng, size_t *index, size_t n);

#endif
