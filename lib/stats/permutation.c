// SPDX-License-Identifier: MIT
/* Is a difference more than the luck of the draw? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

#define SPLITS 1000000

/* All values less their mean: a split is judged by |sum of the chosen|, which orders as |difference
 * of means|. */
struct split {
	double *x;
	size_t n, k;
	double limit; /* what a split must reach to count as extreme */
	double extreme, all;
};

static double binomial(size_t n, size_t k)
{
	double c = 1;
	size_t i;

	for (i = 1; i <= k && c <= SPLITS; i++)
		c = c * (double)(n - k + i) / (double)i;
	return c;
}

static void enumerate(struct split *s, size_t from, size_t left, double sum)
{
	size_t i;

	if (!left) {
		s->extreme += fabs(sum) >= s->limit;
		s->all++;
		return;
	}
	for (i = from; i + left <= s->n; i++)
		enumerate(s, i + 1, left - 1, sum + s->x[i]);
}

static void draw(struct split *s, uint64_t seed)
{
	struct stats_rng rng;
	size_t i, j, round;
	double sum, t;

	stats_seed(&rng, seed);
	/* The split that was observed counts as one: p is never 0. */
	s->extreme = s->all = 1;
	for (round = 0; round < SPLITS; round++) {
		sum = 0;
		for (i = 0; i < s->k; i++) {
			j = i + stats_random(&rng, s->n - i);
			t = s->x[j];
			s->x[j] = s->x[i];
			s->x[i] = t;
			sum += t;
		}
		s->extreme += fabs(sum) >= s->limit;
		s->all++;
	}
}

/* Values of the smaller group first; the limit gives way by rounding, so that ties count as ties.
 */
static void centre(struct split *s, size_t first)
{
	double mean = 0, scale = 0, sum = 0;
	size_t i;

	for (i = 0; i < s->n; i++)
		mean += s->x[i] / (double)s->n;
	for (i = 0; i < s->n; i++) {
		scale += fabs(s->x[i]) + fabs(mean);
		s->x[i] -= mean;
	}
	for (i = 0; i < first; i++)
		sum += s->x[i];
	s->limit = fabs(sum) - 1e-13 * scale;
}

double stats_permutation(const double *a, size_t na, const double *b, size_t nb, uint64_t seed,
			 bool *sampled)
{
	struct split s = { .n = na + nb, .k = na < nb ? na : nb };

	*sampled = false;
	if (!na || !nb)
		return 1;
	s.x = malloc(s.n * sizeof(*s.x));
	if (!s.x)
		return 1;
	memcpy(s.x, na < nb ? a : b, s.k * sizeof(*s.x));
	memcpy(s.x + s.k, na < nb ? b : a, (s.n - s.k) * sizeof(*s.x));
	centre(&s, s.k);
	*sampled = binomial(s.n, s.k) > SPLITS;
	if (*sampled)
		draw(&s, seed);
	else
		enumerate(&s, 0, s.k, 0);
	free(s.x);
	return s.extreme / s.all;
}

double stats_permutation_least(size_t na, size_t nb)
{
	double c = binomial(na + nb, na < nb ? na : nb);

	/* In groups of one size the mirrored split is as extreme as the most extreme one. */
	return na && nb ? fmin((na == nb ? 2 : 1) / c, 1) : 1;
}

struct ranked {
	double p;
	size_t index;
};

static int by_p(const void *a, const void *b)
{
	double x = ((const struct ranked *)a)->p, y = ((const struct ranked *)b)->p;

	return (x > y) - (x < y);
}

void stats_benjamini_hochberg(const double *p, double *q, size_t n)
{
	struct ranked *r = n ? malloc(n * sizeof(*r)) : NULL;
	double least = 1;
	size_t i, m = 0;

	for (i = 0; r && i < n; i++)
		if (!isnan(p[i]))
			r[m++] = (struct ranked){ p[i], i };
	for (i = 0; i < n; i++)
		q[i] = NAN;
	if (m)
		qsort(r, m, sizeof(*r), by_p);
	for (i = m; i > 0; i--) {
		least = fmin(least, r[i - 1].p * (double)m / (double)i);
		q[r[i - 1].index] = least;
	}
	free(r);
}
