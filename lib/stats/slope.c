// SPDX-License-Identifier: MIT
/* Slopes that a burst in one sample does not affect. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "stats.h"

double stats_theil_sen(const double *x, const double *y, size_t n)
{
	double *slope = n > 1 ? malloc(n * (n - 1) / 2 * sizeof(*slope)) : NULL;
	size_t i, j, pairs = 0;
	double median;

	if (!slope)
		return NAN;
	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++)
			if (x[i] != x[j])
				slope[pairs++] = (y[j] - y[i]) / (x[j] - x[i]);
	median = stats_middle_of(slope, pairs);
	free(slope);
	return median;
}

double stats_background(const double *ops, const double *exits, const double *time, size_t n)
{
	double duration = stats_theil_sen(ops, time, n);

	return duration > 0 ? stats_theil_sen(ops, exits, n) / duration : NAN;
}

double stats_exits_per_op(const double *ops, const double *exits, const double *time, size_t n,
			  double lambda)
{
	double *own = n ? malloc(n * sizeof(*own)) : NULL;
	double slope;
	size_t i;

	if (!own)
		return NAN;
	/* Per sample: one that took longer had more background, which cancels here. */
	for (i = 0; i < n; i++)
		own[i] = exits[i] - lambda * time[i];
	slope = stats_theil_sen(ops, own, n);
	free(own);
	return slope;
}

double stats_zero_limit(double n)
{
	return n > 0 ? 3 / n : NAN;
}

/* One sample size: the median of its counts, and the median's error. */
struct size {
	double ops, centre;
	size_t n;
};

struct point {
	double ops, exits;
};

static int by_ops(const void *a, const void *b)
{
	double x = ((const struct point *)a)->ops, y = ((const struct point *)b)->ops;

	return (x > y) - (x < y);
}

/*
 * Medians of each size, and in *spread the noise per operation: residuals divided by sqrt(ops),
 * since variances add, pooled over all sizes. work: room for 2 n doubles.
 */
static size_t by_size(const struct point *p, size_t n, struct size *size, double *spread,
		      double *work)
{
	double *residual = work + n;
	size_t i, j, begin, sizes = 0;

	for (begin = 0; begin < n; begin = i) {
		for (i = begin; i < n && p[i].ops == p[begin].ops; i++)
			work[i - begin] = p[i].exits;
		stats_sort(work, i - begin);
		size[sizes] =
			(struct size){ p[begin].ops, stats_middle(work, i - begin), i - begin };
		for (j = begin; j < i; j++)
			residual[j] = (p[j].exits - size[sizes].centre) / sqrt(p[j].ops);
		sizes++;
	}
	*spread = stats_mad(residual, n);
	return sizes;
}

/* Standard error of a median of counts; at least half a step, the resolution of a count. */
static double median_error(const struct size *s, double spread)
{
	double error = 1.2533 * spread * sqrt(s->ops / (double)s->n);

	return error > 0.5 ? error : 0.5;
}

static double worst_deviation(const struct size *size, size_t sizes, double slope, double spread)
{
	double worst = 0, step, deviation, noise;
	size_t i;

	for (i = 1; i < sizes; i++) {
		step = size[i].ops - size[i - 1].ops;
		deviation = size[i].centre - size[i - 1].centre - slope * step;
		/* 0.5 % of the slope: less than the width of the narrowest expectation. */
		noise = hypot(
			hypot(median_error(&size[i], spread), median_error(&size[i - 1], spread)),
			0.005 * slope * step);
		worst = fmax(worst, fabs(deviation) / noise);
	}
	return worst;
}

double stats_lack_of_fit(const double *ops, const double *exits, size_t n)
{
	struct point *p = n ? malloc(n * sizeof(*p)) : NULL;
	struct size *size = n ? malloc(n * sizeof(*size)) : NULL;
	double *work = n ? malloc(2 * n * sizeof(*work)) : NULL;
	double spread, result = NAN;
	size_t i, sizes;

	if (!p || !size || !work)
		goto out;
	for (i = 0; i < n; i++)
		p[i] = (struct point){ ops[i], exits[i] };
	qsort(p, n, sizeof(*p), by_ops);
	sizes = by_size(p, n, size, &spread, work);
	if (sizes > 2)
		result = worst_deviation(size, sizes, stats_theil_sen(ops, exits, n), spread);
out:
	free(work);
	free(size);
	free(p);
	return result;
}
