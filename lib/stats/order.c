// SPDX-License-Identifier: MIT
/* Order statistics: median, spread, and an interval that assumes no distribution. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "stats.h"

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* qsort() calls back for every comparison; below this many values a loop is faster. */
#define FEW 32

static void insertion_sort(double *x, size_t n)
{
	size_t i, j;
	double v;

	for (i = 1; i < n; i++) {
		v = x[i];
		for (j = i; j > 0 && x[j - 1] > v; j--)
			x[j] = x[j - 1];
		x[j] = v;
	}
}

void stats_sort(double *x, size_t n)
{
	if (n > FEW)
		qsort(x, n, sizeof(*x), ascending);
	else
		insertion_sort(x, n);
}

static double middle_of_three(double a, double b, double c)
{
	return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Hoare's selection: afterwards x[k] stands where sorting would put it, and nothing before it is
 * greater. */
static void select_kth(double *x, size_t n, size_t k)
{
	size_t low = 0, high = n - 1, i, j;
	double pivot, t;

	while (high - low > FEW) {
		pivot = middle_of_three(x[low], x[low + (high - low) / 2], x[high]);
		for (i = low, j = high; i <= j;) {
			while (x[i] < pivot)
				i++;
			while (x[j] > pivot)
				j--;
			if (i > j)
				break;
			t = x[i];
			x[i++] = x[j];
			x[j] = t;
			if (!j--)
				break;
		}
		if (k <= j)
			high = j;
		else if (k >= i)
			low = i;
		else
			return;
	}
	insertion_sort(x + low, high - low + 1);
}

double stats_middle_of(double *x, size_t n)
{
	double below;
	size_t i, k = n / 2;

	if (!n)
		return NAN;
	select_kth(x, n, k);
	if (n % 2)
		return x[k];
	below = x[0];
	for (i = 1; i < k; i++)
		below = fmax(below, x[i]);
	return (below + x[k]) / 2;
}

double stats_middle(const double *sorted, size_t n)
{
	if (!n)
		return NAN;
	return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double *stats_sorted(const double *x, size_t n)
{
	double *copy = n ? malloc(n * sizeof(*copy)) : NULL;

	if (copy) {
		memcpy(copy, x, n * sizeof(*copy));
		stats_sort(copy, n);
	}
	return copy;
}

double stats_median(const double *x, size_t n)
{
	double *copy = stats_sorted(x, n);
	double median = copy ? stats_middle(copy, n) : NAN;

	free(copy);
	return median;
}

double stats_mad(const double *x, size_t n)
{
	double median = stats_median(x, n), mad = NAN;
	double *deviation = n ? malloc(n * sizeof(*deviation)) : NULL;
	size_t i;

	if (deviation) {
		for (i = 0; i < n; i++)
			deviation[i] = fabs(x[i] - median);
		stats_sort(deviation, n);
		/* 1 / Phi^-1(3/4): scales to the standard deviation of normal data. */
		mad = 1.4826 * stats_middle(deviation, n);
	}
	free(deviation);
	return mad;
}

/*
 * x(k)..x(n+1-k) misses the median when fewer than k values lie on one side of it, each with
 * probability one half: 1 - 2 P(Binomial(n, 1/2) < k).
 */
static double coverage(size_t n, size_t k)
{
	double below = 0, term;
	size_t i;

	/* 2^-n underflows a double, so use its logarithm. */
	if (n > 1000) {
		for (i = 0; i < k; i++)
			below += exp(lgamma((double)n + 1) - lgamma((double)i + 1) -
				     lgamma((double)(n - i) + 1) - (double)n * M_LN2);
		return 1 - 2 * below;
	}
	term = ldexp(1, -(int)n);
	for (i = 0; i < k; i++) {
		below += term;
		term *= (double)(n - i) / (double)(i + 1);
	}
	return 1 - 2 * below;
}

static size_t narrowest(size_t n)
{
	/* 1.82 sigma below the middle is 93 %: at most one step off for large n. */
	double guess = (double)n / 2 - 0.91 * sqrt((double)n) - 2;
	size_t k = n > 1000 && guess > 1 ? (size_t)guess : 1;

	while (k + 1 <= n / 2 && coverage(n, k + 1) >= STATS_COVERAGE)
		k++;
	return k;
}

struct stats_interval stats_median_interval(const double *x, size_t n)
{
	struct stats_interval interval = { .est = NAN, .lo = NAN, .hi = NAN, .min = NAN, .n = n };
	double *sorted = stats_sorted(x, n);
	size_t k;

	if (!sorted)
		return interval;
	interval.est = stats_middle(sorted, n);
	interval.min = sorted[0];
	if (n > 1) {
		k = narrowest(n);
		interval.lo = sorted[k - 1];
		interval.hi = sorted[n - k];
		interval.coverage = coverage(n, k);
	}
	free(sorted);
	return interval;
}
