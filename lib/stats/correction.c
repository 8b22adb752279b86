// SPDX-License-Identifier: MIT
/* Many tests at once: by chance, some are extreme. */
#include <math.h>
#include <stdlib.h>

#include "stats.h"

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
