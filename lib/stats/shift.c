// SPDX-License-Identifier: MIT
/* How far apart two groups are: Hodges and Lehmann's estimate and its exact interval. */
#include <math.h>
#include <stdlib.h>

#include "internal.h"
#include "stats.h"

/* Above this many pairs the normal approximation of U is good to the third digit. */
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

struct stats_interval stats_shift(const double *a, size_t na, const double *b, size_t nb)
{
	struct stats_interval shift = {
		.est = NAN, .lo = NAN, .hi = NAN, .min = NAN, .n = na * nb
	};
	double *d = shift.n ? malloc(shift.n * sizeof(*d)) : NULL;
	size_t i, j, k = 0;

	if (!d)
		return shift;
	for (i = 0; i < na; i++)
		for (j = 0; j < nb; j++)
			d[i * nb + j] = b[j] - a[i];
	stats_sort(d, shift.n);
	shift.est = stats_middle(d, shift.n);
	shift.min = d[0];
	if (na > 1 && nb > 1)
		k = shift.n <= EXACT_PAIRS ? exact_rank(na, nb, &shift.coverage)
					   : normal_rank(na, nb, &shift.coverage);
	if (k) {
		shift.lo = d[k - 1];
		shift.hi = d[shift.n - k];
	}
	free(d);
	return shift;
}
