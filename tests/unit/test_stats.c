// SPDX-License-Identifier: MIT
/* Description: order statistics, slopes, tests and generator give the answers known on paper. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stats/internal.h"
#include "stats/stats.h"

#define N(array) (sizeof(array) / sizeof(*(array)))
/* cmocka's own compares as float. */
#define assert_near(a, b, room) assert_true(fabs((double)(a) - (double)(b)) <= (room))
#define assert_close(a, b) assert_near(a, b, 1e-12 * fmax(1, fabs((double)(b))))

static void median_of_odd_even_and_none(void **state)
{
	const double x[] = { 5, 1, 4, 2, 3, 100 };

	(void)state;
	assert_close(stats_median(x, 5), 3);
	assert_close(stats_median(x, 6), 3.5);
	assert_true(isnan(stats_median(x, 0)));
	assert_close(stats_mad(x, 5), 1.4826);
}

/* docs/method.md: n, true coverage in percent, rank of the lower bound. */
static void interval_has_the_coverage_it_prints(void **state)
{
	static const struct {
		size_t n, rank;
		double percent;
	} row[] = { { 2, 1, 50 },       { 3, 1, 75 },       { 4, 1, 87.5 },
		    { 5, 1, 93.75 },    { 6, 1, 96.875 },   { 7, 1, 98.4375 },
		    { 8, 2, 92.96875 }, { 9, 2, 96.09375 }, { 10, 2, 97.8515625 } };
	const double x[] = { 7, 3, 10, 1, 9, 2, 8, 4, 6, 5 };
	struct stats_interval interval;
	size_t i, j, below, above;
	double sample[10];

	(void)state;
	for (i = 0; i < N(row); i++) {
		for (j = 0; j < row[i].n; j++)
			sample[j] = x[j];
		interval = stats_median_interval(sample, row[i].n);
		assert_close(100 * interval.coverage, row[i].percent);
		below = above = 0;
		for (j = 0; j < row[i].n; j++) {
			below += sample[j] < interval.lo;
			above += sample[j] > interval.hi;
		}
		assert_int_equal(below, row[i].rank - 1);
		assert_int_equal(above, row[i].rank - 1);
	}
	interval = stats_median_interval(x, 1);
	assert_close(interval.est, 7);
	assert_true(isnan(interval.lo) && isnan(interval.hi) && interval.coverage == 0);
	assert_true(isnan(stats_median_interval(x, 0).est));
}

static void slope_ignores_one_burst(void **state)
{
	const double n[] = { 100, 200, 400, 800 }, one_size[] = { 4, 4, 4, 4 };
	const double clean[] = { 203, 403, 803, 1603 }, burst[] = { 203, 403, 5803, 1603 };

	(void)state;
	assert_close(stats_theil_sen(n, clean, 4), 2);
	assert_close(stats_theil_sen(n, burst, 4), 2);
	assert_true(isnan(stats_theil_sen(one_size, clean, 4)));
	assert_true(isnan(stats_theil_sen(n, clean, 1)));
}

/* 7 exits a window, 2 an op, 1.5 per unit of time; the time of one op varies from sample to sample.
 */
static void background_and_window_are_taken_out(void **state)
{
	const double ops[] = { 10, 20, 40, 80 }, time[] = { 100, 260, 390, 900 };
	const double spin_ops[] = { 1, 2, 4, 8 }, spin_time[] = { 100, 200, 400, 800 };
	double exits[4], spin[4], lambda;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		exits[i] = 7 + 2 * ops[i] + 1.5 * time[i];
		spin[i] = 7 + 1.5 * spin_time[i];
	}
	lambda = stats_background(spin_ops, spin, spin_time, 4);
	assert_close(lambda, 1.5);
	assert_close(stats_exits_per_op(ops, exits, time, 4, lambda), 2);
	assert_true(isnan(stats_exits_per_op(ops, exits, time, 1, lambda)));
	assert_true(isnan(stats_background(spin_ops, spin, (const double[]){ 0, 0, 0, 0 }, 4)));
}

static void lack_of_fit_sees_a_bend(void **state)
{
	const double ops[] = { 100, 200, 400, 800, 100, 200, 400, 800, 100, 200, 400, 800 };
	const double noise[] = { 3, -5, 2, 8, -1, 4, -9, -12, 0, 1, 7, 2 };
	double straight[12], bent[12];
	size_t i;

	(void)state;
	for (i = 0; i < 12; i++) {
		straight[i] = 2 * ops[i] + noise[i];
		/* Past 400 operations something is recycled, at half an exit more per operation. */
		bent[i] = straight[i] + (ops[i] > 400 ? 0.5 * (ops[i] - 400) : 0);
	}
	assert_true(stats_lack_of_fit(ops, straight, 12) < 3);
	assert_true(stats_lack_of_fit(ops, bent, 12) > 3);
	assert_true(isnan(stats_lack_of_fit(ops, straight, 2)));
	/* Exact counts have no spread: rounding alone does not make them nonlinear. */
	for (i = 0; i < 12; i++)
		straight[i] = floor(0.0125 * ops[i]);
	assert_true(stats_lack_of_fit(ops, straight, 12) < 3);
}

static void permutation_is_exact(void **state)
{
	const double low[] = { 1, 2, 3, 4, 5 }, high[] = { 11, 12, 13, 14, 15 };
	const double tied_a[] = { 0.1, 0.1, 0.3, 0.5 }, tied_b[] = { 0.3, 0.7, 0.7 };
	const double tenths_a[] = { 0.4, 0.5, 0.1, 0.7 }, tenths_b[] = { 0.7, 0.5, 0.4, 0.2 };
	const double same[] = { 1e9 + 0.1, 1e9 + 0.1, 1e9 + 0.1, 1e9 + 0.1 };
	bool sampled;

	(void)state;
	assert_close(stats_permutation(low, 3, high, 3, NULL, &sampled), 2. / 20);
	assert_close(stats_permutation(low, 4, high, 4, NULL, &sampled), 2. / 70);
	assert_close(stats_permutation(low, 5, high, 5, NULL, &sampled), 2. / 252);
	/* Unequal groups: {1, 2} is the one split of 21 as extreme as itself. */
	assert_close(stats_permutation(low, 2, high, 5, NULL, &sampled), 1. / 21);
	assert_close(stats_permutation(high, 5, low, 2, NULL, &sampled), 1. / 21);
	/* 5 of 35 splits, counted by hand on tenths. */
	assert_close(stats_permutation(tied_a, 4, tied_b, 3, NULL, &sampled), 5. / 35);
	/* No split is less extreme: ties stay ties although tenths are rounded in binary. */
	assert_close(stats_permutation(tenths_a, 4, tenths_b, 4, NULL, &sampled), 1);
	assert_close(stats_permutation(same, 2, same, 2, NULL, &sampled), 1);
	assert_false(sampled);
	assert_close(stats_permutation(low, 0, high, 5, NULL, &sampled), 1);
	assert_close(stats_permutation_least(3, 3), 0.1);
	assert_close(stats_permutation_least(5, 5), 2. / 252);
	assert_close(stats_permutation_least(2, 5), 1. / 21);
	assert_close(stats_permutation_least(1, 0), 1);
}

static void permutation_counts_by_halves(void **state)
{
	double a[14], b[14], p;
	bool sampled;
	size_t i;

	(void)state;
	for (i = 0; i < 14; i++) {
		a[i] = (double)(i * 5 % 14);
		b[i] = (double)(i * 3 % 14) + 1;
	}
	p = stats_permutation(a, 14, b, 14, NULL, &sampled);
	assert_false(sampled);
	/* Values 0..13 against 1..14: two-sided p by full enumeration of 40,116,600 splits. */
	assert_near(p, 0.558346, 1e-6);
	for (i = 0; i < 14; i++)
		b[i] += 1000;
	assert_close(stats_permutation(a, 14, b, 14, NULL, &sampled), 2. / 40116600);
}

static void permutation_samples_when_there_are_too_many(void **state)
{
	struct stats_sizes sizes = { 0 };
	double a[40], b[40], p;
	bool sampled;
	size_t i;

	(void)state;
	for (i = 0; i < 40; i++) {
		a[i] = (double)(i * 7 % 40);
		b[i] = (double)(i * 3 % 40) + 5;
	}
	p = stats_permutation(a, 40, b, 40, &sizes, &sampled);
	assert_true(sampled);
	/* z = 5 / sqrt(2 * 133.25 / 40 ...): the normal limit of the permutation distribution. */
	assert_near(p, 0.0565, 0.006);
	assert_true(p == stats_permutation(a, 40, b, 40, &sizes, &sampled));
	assert_true(p == stats_permutation(a, 40, b, 40, NULL, &sampled));
	/* Groups of other sizes draw their own splits; afterwards the first ones recur. */
	p = stats_permutation(a, 40, b, 30, &sizes, &sampled);
	assert_true(sampled && p > 0 && p <= 1);
	assert_true(p == stats_permutation(b, 30, a, 40, &sizes, &sampled));
	/* Without overlap there is nothing to draw. */
	for (i = 0; i < 40; i++)
		b[i] += 1000;
	p = stats_permutation(a, 40, b, 40, &sizes, &sampled);
	assert_false(sampled);
	assert_near(p * 107507208733336176461620. / 2, 1, 1e-9);
	/* A few values against many give few splits. */
	assert_close(stats_permutation(a, 1, b, 40, &sizes, &sampled), 1. / 41);
	assert_false(sampled);
	stats_sizes_free(&sizes);
}

/* The example of Benjamini and Hochberg 1995, section 3.2. */
static void benjamini_hochberg_as_published(void **state)
{
	const double p[] = { 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
			     0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000 };
	double q[15], gap[] = { 0.04, NAN, 0.01 };
	size_t i, rejected = 0;

	(void)state;
	stats_benjamini_hochberg(p, q, 15);
	assert_close(q[0], 0.0015);
	assert_close(q[3], 0.035625);
	assert_close(q[4], 0.0201 * 15 / 5);
	for (i = 0; i < 15; i++)
		rejected += q[i] <= 0.05;
	assert_int_equal(rejected, 4);
	stats_benjamini_hochberg(gap, gap, 3);
	assert_close(gap[0], 0.04);
	assert_true(isnan(gap[1]));
	assert_close(gap[2], 0.02);
}

static void shift_is_hodges_lehmann(void **state)
{
	const double a[] = { 1, 2, 4, 8, 16 }, b[] = { 101, 102, 104, 108, 116 };
	struct stats_interval s = stats_shift(a, 5, b, 5, NULL);

	(void)state;
	assert_close(s.est, 100);
	assert_int_equal(s.n, 25);
	/* U <= 3 in 7 of 252 orders: the 4th smallest to the 4th largest difference. */
	assert_close(s.coverage, 1 - 14. / 252);
	assert_close(s.lo, 92);
	assert_close(s.hi, 108);
	s = stats_shift(a, 3, b, 3, NULL);
	assert_close(s.coverage, 0.9);
	assert_close(s.lo, 97);
	assert_close(s.hi, 103);
	s = stats_shift(a, 1, b, 3, NULL);
	assert_close(s.est, 101);
	assert_true(isnan(s.lo) && s.coverage == 0);
	assert_true(isnan(stats_shift(a, 0, b, 3, NULL).est));
}

/* Order statistics of all differences without computing them all, against computing and sorting
 * them. */
static void shift_selects_what_sorting_finds(void **state)
{
	double a[23], b[17], d[23 * 17];
	struct stats_sizes sizes = { 0 };
	struct stats_interval s;
	size_t i, j, round;
	struct stats_rng rng;

	(void)state;
	stats_seed(&rng, 3);
	for (round = 0; round < 200; round++) {
		for (i = 0; i < 23; i++)
			a[i] = (double)stats_random(&rng, round % 2 ? 7 : 1000000) / 13 - 1;
		for (i = 0; i < 17; i++)
			b[i] = (double)stats_random(&rng, round % 2 ? 7 : 1000000) / 17 - 1;
		for (i = 0; i < 23; i++)
			for (j = 0; j < 17; j++)
				d[17 * i + j] = b[j] - a[i];
		stats_sort(d, 23 * 17);
		s = stats_shift(a, 23, b, 17, &sizes);
		assert_true(s.est == d[195] && s.min == d[0]);
		assert_true(s.lo == d[sizes.rank - 1] && s.hi == d[391 - sizes.rank]);
		assert_true(s.coverage > 0.9295 && s.coverage < 0.97);
	}
	stats_sizes_free(&sizes);
}

static void zero_is_an_interval(void **state)
{
	(void)state;
	assert_close(stats_zero_limit(3000), 0.001);
	assert_true(isnan(stats_zero_limit(0)));
}

/* First outputs of the authors' reference implementation from the state 1, 2, 3, 4. */
static void generator_is_the_published_one(void **state)
{
	struct stats_rng rng = { { 1, 2, 3, 4 } };
	const uint64_t half = UINT64_C(1) << 63;
	size_t index[100], seen[100] = { 0 }, i;

	(void)state;
	assert_true(stats_random(&rng, half) == 11520);
	assert_true(stats_random(&rng, half) == 0);
	assert_true(stats_random(&rng, half) == 1509978240);
	assert_true(stats_random(&rng, half) == UINT64_C(1215971899390074240));
	/* splitmix64 from 0, its first output. */
	stats_seed(&rng, 0);
	assert_true(rng.s[0] == UINT64_C(0xe220a8397b1dcdaf));
	for (i = 0; i < 100; i++)
		index[i] = i;
	stats_shuffle(&rng, index, 100);
	for (i = 0; i < 100; i++)
		seen[index[i]]++;
	for (i = 0; i < 100; i++)
		assert_int_equal(seen[i], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_of_odd_even_and_none),
		cmocka_unit_test(interval_has_the_coverage_it_prints),
		cmocka_unit_test(slope_ignores_one_burst),
		cmocka_unit_test(background_and_window_are_taken_out),
		cmocka_unit_test(lack_of_fit_sees_a_bend),
		cmocka_unit_test(permutation_is_exact),
		cmocka_unit_test(permutation_counts_by_halves),
		cmocka_unit_test(permutation_samples_when_there_are_too_many),
		cmocka_unit_test(benjamini_hochberg_as_published),
		cmocka_unit_test(shift_is_hodges_lehmann),
		cmocka_unit_test(shift_selects_what_sorting_finds),
		cmocka_unit_test(zero_is_an_interval),
		cmocka_unit_test(generator_is_the_published_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
