// SPDX-License-Identifier: MIT
/*
 * Description: on synthetic runs with known exits per op, background, ticks and bursts the
 * estimator is unbiased and its interval covers as printed; the naive estimators fail the same
 * check.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "stats/stats.h"

#define RUNS 10000
#define RUNS_NAIVE 1000 /* enough for what is wrong by far more than the limits */
#define BLOCKS 5
#define SIZES 4
#define BIAS 0.002    /* exits per op */
#define COVERAGE 0.02 /* between the printed coverage and the observed one */

/*
 * One laboratory: rates per second, seconds per op; the tick makes 5 exits at once. A migration
 * stops a window for a while and brings exits of its own, which are not background. Counts are
 * those of a 32-bit counter that starts anywhere, so that now and then one wraps.
 */
struct scene {
	const char *name;
	double slope, window, poisson, ticks, bursts, op, jitter, smallest, migrations;
	bool wraps;
};

static const struct scene scenes[] = {
	{ "random background", 2, 0, 1500, 0, 0, 20e-6, 0.01, 500, 0, false },
	{ "ticks, bursts, window cost", 2, 3, 250, 1250, 0.05, 20e-6, 0.01, 500, 0, false },
	{ "uneven operations", 0.125, 3, 1500, 0, 0.02, 20e-6, 0.10, 500, 0, false },
	{ "slow operations", 0, 1, 40, 50, 0, 1e-3, 0.02, 100, 0, false },
	{ "migrations", 2, 3, 250, 1250, 0.05, 20e-6, 0.01, 500, 0.05, false },
	{ "counters that wrap", 2, 3, 1500, 0, 0.02, 20e-6, 0.01, 500, 0, true },
};

#define MIGRATION_TIME 2e-3
#define MIGRATION_EXITS 25

struct block {
	double ops[SIZES], exits[SIZES], time[SIZES];
	double read[SIZES]; /* raw difference of the two readings */
};

static double uniform(struct stats_rng *rng)
{
	return ((double)stats_random(rng, UINT64_C(1) << 53) + 0.5) * 0x1p-53;
}

static double normal(struct stats_rng *rng)
{
	double radius = sqrt(-2 * log(uniform(rng)));

	return radius * cos(2 * M_PI * uniform(rng));
}

static double poisson(struct stats_rng *rng, double mean)
{
	double product = 1, end = exp(-mean);
	int k = -1;

	if (mean > 30)
		return fmax(0, floor(mean + sqrt(mean) * normal(rng) + 0.5));
	do {
		product *= uniform(rng);
		k++;
	} while (product > end);
	return k;
}

/* As exitprobe_difference() of a course layout; one reading in forty wraps here. */
static void read_narrow(struct block *b, int i, struct stats_rng *rng)
{
	uint32_t before =
		(uint32_t)(UINT32_MAX - stats_random(rng, 40 * (uint64_t)b->exits[i] + 1));
	uint32_t after = before + (uint32_t)b->exits[i];

	b->read[i] = (double)after - (double)before;
	b->exits[i] = (double)(uint32_t)(after - before);
}

static void simulate(const struct scene *s, double slope, struct block *b, struct stats_rng *rng)
{
	int i;

	for (i = 0; i < SIZES; i++) {
		b->ops[i] = s->smallest * (1 << i);
		b->time[i] = b->ops[i] * s->op * (1 + s->jitter * normal(rng));
		b->exits[i] = s->window + floor(slope * b->ops[i] + uniform(rng)) +
			      poisson(rng, s->poisson * b->time[i]) +
			      5 * floor(s->ticks / 5 * b->time[i] + uniform(rng));
		if (uniform(rng) < s->bursts)
			b->exits[i] += poisson(rng, 40);
		if (uniform(rng) < s->migrations) {
			b->time[i] += MIGRATION_TIME;
			b->exits[i] += MIGRATION_EXITS;
		}
		b->read[i] = b->exits[i];
		if (s->wraps)
			read_narrow(b, i, rng);
	}
}

static double corrected(const struct block *b, const struct block *spin)
{
	double lambda = stats_background(spin->ops, spin->exits, spin->time, SIZES);

	return stats_exits_per_op(b->ops, b->exits, b->time, SIZES, lambda);
}

static double plain_slope(const struct block *b, const struct block *spin)
{
	(void)spin;
	return stats_theil_sen(b->ops, b->exits, SIZES);
}

static double not_unwrapped(const struct block *b, const struct block *spin)
{
	struct block as_read = *b;
	int i;

	for (i = 0; i < SIZES; i++)
		as_read.exits[i] = b->read[i];
	return corrected(&as_read, spin);
}

static double quotient(const struct block *b, const struct block *spin)
{
	double ops = 0, exits = 0;
	int i;

	(void)spin;
	for (i = 0; i < SIZES; i++) {
		ops += b->ops[i];
		exits += b->exits[i];
	}
	return exits / ops;
}

/* Over many runs: mean of the estimates minus the truth, and how often the interval contains it. */
struct verdict {
	double bias, covered, printed;
};

static struct verdict judge(const struct scene *s, int runs,
			    double (*estimate)(const struct block *, const struct block *))
{
	struct verdict v = { 0 };
	struct stats_interval interval;
	struct block work, spin;
	struct stats_rng rng;
	double value[BLOCKS];
	int run, i;

	stats_seed(&rng, 1);
	for (run = 0; run < runs; run++) {
		for (i = 0; i < BLOCKS; i++) {
			simulate(s, s->slope, &work, &rng);
			simulate(s, 0, &spin, &rng);
			value[i] = estimate(&work, &spin);
		}
		interval = stats_median_interval(value, BLOCKS);
		v.bias += (interval.est - s->slope) / runs;
		v.covered += (interval.lo <= s->slope && s->slope <= interval.hi) / (double)runs;
		v.printed = interval.coverage;
	}
	return v;
}

static void estimator_is_unbiased_and_covers(void **state)
{
	struct verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(scenes) / sizeof(*scenes); i++) {
		v = judge(&scenes[i], RUNS, corrected);
		print_message("%s: bias %+.5f, covered %.4f of %.4f\n", scenes[i].name, v.bias,
			      v.covered, v.printed);
		assert_true(fabs(v.bias) < BIAS);
		assert_true(fabs(v.covered - v.printed) < COVERAGE);
	}
}

static void naive_estimators_fail_the_same_check(void **state)
{
	struct verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(scenes) / sizeof(*scenes); i++) {
		v = judge(&scenes[i], RUNS_NAIVE, plain_slope);
		assert_true(fabs(v.bias) > BIAS);
		assert_true(v.covered < v.printed - COVERAGE);
		v = judge(&scenes[i], RUNS_NAIVE, quotient);
		assert_true(fabs(v.bias) > BIAS);
		assert_true(v.covered < v.printed - COVERAGE);
	}
}

static void counters_that_wrap_must_be_unwrapped(void **state)
{
	const struct scene *s = &scenes[sizeof(scenes) / sizeof(*scenes) - 1];
	struct verdict v = judge(s, RUNS_NAIVE, not_unwrapped);

	(void)state;
	assert_true(s->wraps);
	print_message("%s, not unwrapped: bias %+.5f\n", s->name, v.bias);
	assert_true(fabs(v.bias) > BIAS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(estimator_is_unbiased_and_covers),
		cmocka_unit_test(naive_estimators_fail_the_same_check),
		cmocka_unit_test(counters_that_wrap_must_be_unwrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
