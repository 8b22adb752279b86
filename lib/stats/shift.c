// SPDX-License-Identifier: MIT
/* How far apart two groups are: Hodges and Lehmann's estimate and its exact interval. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "stats.h"

/* Above this many pairs the normal approximation of U is accurate to three digits. */
#define EXACT_PAIRS 4096

/*
 * ways[u]: in how many of all orders of both groups Mann and Whitney's U is u. Built rank by rank:
 * way[c][u] counts the choices of c ranks so far with that U.
 */
static double *u_ways(size_t na, size_t nb)
{
	size_t row = na * nb + 1, c, u, rank;
	double *way = calloc((na + 1) * row, sizeof(*way));

	if (!way)
		return NULL;
	way[0] = 1;
	for (rank = 0; rank < na + nb; rank++)
		for (c = rank < na ? rank + 1 : na; c > 0; c--)
			/* The c-th of group a at this rank has rank + 1 - c of group b below it. */
			for (u = row; u-- > rank + 1 - c;)
				way[c * row + u] += way[(c - 1) * row + u - (rank + 1 - c)];
	return way;
}

/* Largest k for which x(k)..x(pairs+1-k) still covers enough, at least 1; *coverage is what it
 * covers. */
static size_t exact_rank(size_t na, size_t nb, double *coverage)
{
	size_t pairs = na * nb, u, k = 1;
	double *way = u_ways(na, nb), *last, all = 0, tail = 0;

	*coverage = 0;
	if (!way)
		return 0;
	last = way + na * (pairs + 1);
	for (u = 0; u <= pairs; u++)
		all += last[u];
	for (u = 0; u < pairs / 2 || !u; u++) {
		tail += last[u] / all;
		if (u && 1 - 2 * tail < STATS_COVERAGE)
			break;
		k = u + 1;
		*coverage = 1 - 2 * tail;
	}
	free(way);
	return k;
}

static size_t normal_rank(size_t na, size_t nb, double *coverage)
{
	double pairs = (double)na * (double)nb, sigma = sqrt(pairs * (double)(na + nb + 1) / 12);
	/* 1.96 sigma below the middle. */
	double k = floor(pairs / 2 - 1.96 * sigma);

	*coverage = 0.95;
	return k < 1 ? 1 : (size_t)k;
}

static void find_rank(struct stats_sizes *s, size_t na, size_t nb)
{
	if (s->na == na && s->nb == nb)
		return;
	s->rank = na * nb <= EXACT_PAIRS ? exact_rank(na, nb, &s->coverage)
					 : normal_rank(na, nb, &s->coverage);
	s->na = na;
	s->nb = nb;
}

/* Map doubles to whole numbers in the same order, so that bisection ends at a double. */
static int64_t as_whole(double x)
{
	int64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits < 0 ? INT64_MIN - bits : bits;
}

static double as_double(int64_t order)
{
	int64_t bits = order < 0 ? INT64_MIN - order : order;
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/* How many differences are at most `limit`; both groups sorted. Rounding preserves their order. */
static size_t count_up_to(const double *a, size_t na, const double *b, size_t nb, double limit)
{
	size_t i, j = 0, count = 0;

	for (i = 0; i < na; i++) {
		while (j < nb && b[j] - a[i] <= limit)
			j++;
		count += j;
	}
	return count;
}

/* The k-th smallest of all differences, k from 1, without computing all of them. */
static double difference(const double *a, size_t na, const double *b, size_t nb, size_t k)
{
	int64_t low = as_whole(b[0] - a[na - 1]), high = as_whole(b[nb - 1] - a[0]), middle;

	while (low < high) {
		middle = (low & high) + ((low ^ high) >> 1);
		if (count_up_to(a, na, b, nb, as_double(middle)) >= k)
			high = middle;
		else
			low = middle + 1;
	}
	/* Adding 0.0 turns -0 into 0. */
	return as_double(low) + 0.0;
}

struct stats_interval stats_shift(const double *a, size_t na, const double *b, size_t nb,
				  struct stats_sizes *sizes)
{
	struct stats_interval shift = {
		.est = NAN, .lo = NAN, .hi = NAN, .min = NAN, .n = na * nb
	};
	struct stats_sizes own = { 0 };
	double *x = stats_sorted(a, na), *y = stats_sorted(b, nb);
	size_t n = shift.n;

	if (!x || !y)
		goto out;
	shift.min = y[0] - x[na - 1];
	shift.est = difference(x, na, y, nb, n / 2 + 1);
	if (n % 2 == 0)
		shift.est = (shift.est + difference(x, na, y, nb, n / 2)) / 2;
	if (na < 2 || nb < 2)
		goto out;
	sizes = sizes ? sizes : &own;
	find_rank(sizes, na, nb);
	if (sizes->rank) {
		shift.coverage = sizes->coverage;
		shift.lo = difference(x, na, y, nb, sizes->rank);
		shift.hi = difference(x, na, y, nb, n + 1 - sizes->rank);
	}
out:
	free(x);
	free(y);
	return shift;
}
