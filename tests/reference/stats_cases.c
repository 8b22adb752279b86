// SPDX-License-Identifier: MIT
/*
 * Description: the statistics on cases from standard input, for tests/reference/check to compare
 * with scipy. One case a line: name, numbers of both lists, the lists; one line of results each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/stats.h"

static double *numbers(size_t n)
{
	double *x = calloc(n + 1, sizeof(*x));
	size_t i;

	for (i = 0; x && i < n; i++)
		if (scanf("%lf", &x[i]) != 1)
			exit(2);
	return x;
}

static void interval(const struct stats_interval *i)
{
	printf("%.17g %.17g %.17g %.17g\n", i->est, i->lo, i->hi, i->coverage);
}

static void adjust(double *p, size_t n)
{
	size_t i;

	stats_benjamini_hochberg(p, p, n);
	for (i = 0; i < n; i++)
		printf("%.17g%c", p[i], i + 1 < n ? ' ' : '\n');
}

static void answer(const char *name, double *a, size_t na, double *b, size_t nb,
		   struct stats_sizes *sizes)
{
	struct stats_interval i;
	bool sampled;
	double p;

	if (!strcmp(name, "median")) {
		i = stats_median_interval(a, na);
		interval(&i);
	} else if (!strcmp(name, "mad")) {
		printf("%.17g\n", stats_mad(a, na));
	} else if (!strcmp(name, "slope")) {
		printf("%.17g\n", stats_theil_sen(a, b, na < nb ? na : nb));
	} else if (!strcmp(name, "shift")) {
		i = stats_shift(a, na, b, nb, sizes);
		interval(&i);
	} else if (!strcmp(name, "permutation")) {
		p = stats_permutation(a, na, b, nb, sizes, &sampled);
		printf("%.17g %d\n", p, sampled);
	} else if (!strcmp(name, "adjust")) {
		adjust(a, na);
	} else {
		exit(2);
	}
}

int main(void)
{
	struct stats_sizes sizes = { 0 };
	char name[32];
	double *a, *b;
	size_t na, nb;

	while (scanf("%31s %zu %zu", name, &na, &nb) == 3) {
		a = numbers(na);
		b = numbers(nb);
		answer(name, a, na, b, nb, &sizes);
		free(a);
		free(b);
	}
	stats_sizes_free(&sizes);
	return 0;
}
