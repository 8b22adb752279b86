// SPDX-License-Identifier: MIT
// Description: background is subtracted by time, and exits that come with time alone are not held
// against operations.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compare/compare.h"
#include "estimate/estimate.h"
#include "estimate/verdict.h"

#define BLOCKS 5
#define SIZES 4

enum { CPUID_AT, INTR_AT, VINTR_AT, CR3_AT, REASONS };
static const uint32_t codes[REASONS] = { 0x72, 0x60, 0x64, 0x13 };

/* Per operation: guest cycles, host cycles of its exits, and the exits themselves. */
struct truth {
	const char *name;
	uint64_t ops, guest, busy;
	double cpuid, vintr;
};

/* The host interrupts each 1,000,000 cycles that the guest runs, never while it handles an exit. */
static void sample(struct result *r, struct result_workload *w, const struct truth *t,
		   uint32_t repeat, uint64_t ops)
{
	struct result_sample *s = result_add_sample(r, w);

	assert_non_null(s);
	s->repeat = repeat;
	s->order = (uint32_t)w->samples;
	s->ops = ops;
	s->cycles = ops * (t->guest + t->busy);
	s->exits[CPUID_AT] = (uint64_t)(t->cpuid * (double)ops);
	s->exits[INTR_AT] = ops * t->guest / 1000000;
	s->exits[VINTR_AT] = (uint64_t)(t->vintr * (double)ops);
	s->busy[CPUID_AT] = ops * t->busy;
}

static struct result_workload *measure(struct result *r, const struct truth *t)
{
	struct result_workload *w = result_add_workload(r);
	uint32_t repeat;
	int size;

	assert_non_null(w);
	w->name = strdup(t->name);
	w->op = strdup("op");
	for (repeat = 0; repeat < BLOCKS; repeat++)
		for (size = 0; size < SIZES; size++)
			sample(r, w, t, repeat, t->ops << size);
	return w;
}

static struct result machine(void)
{
	static const struct truth spin = { "spin", 100000, 1000, 0, 0, 0 };
	struct result r = { .backend = EXITPROBE_LEAVES,
			    .vendor = EXITPROBE_SVM,
			    .paging = EXITPROBE_SHADOW,
			    .repeat = BLOCKS,
			    .reasons = REASONS,
			    .calibration.tsc_khz = 1e6,
			    .host_tsc_khz = 1000000 };

	r.reason = malloc(sizeof(codes));
	assert_non_null(r.reason);
	memcpy(r.reason, codes, sizeof(codes));
	measure(&r, &spin);
	return r;
}

static const struct estimate_class *class_of(const struct estimate *e, const char *name,
					     enum exitprobe_class exit_class)
{
	const struct estimate_class *c = estimate_class(estimate_find(e, name), exit_class);

	assert_non_null(c);
	return c;
}

/*
 * 90 % of the time goes to exits: background by total time would subtract ten times too many
 * interrupts, and the estimate would be -0.09.
 */
static void host_interrupts_go_with_guest_time(void **state)
{
	static const struct truth cpuid = { "cpuid.leaf0", 10000, 10000, 90000, 1, 0 };
	struct result r = machine();
	struct estimate e;

	(void)state;
	measure(&r, &cpuid);
	assert_int_equal(estimate_make(&e, &r), 0);
	assert_true(fabs(class_of(&e, "cpuid.leaf0", EXITPROBE_INTERRUPT)->per_op.interval.est) <
		    0.0005);
	assert_true(fabs(class_of(&e, "cpuid.leaf0", EXITPROBE_CPUID)->per_op.interval.est - 1) <
		    1e-9);
	estimate_free(&e);
	result_free(&r);
}

/* Busy times are cycles of the host's TSC: here it runs at twice the rate of the guest's. */
static void busy_time_is_scaled(void **state)
{
	static const struct truth cpuid = { "cpuid.leaf0", 10000, 10000, 90000, 1, 0 };
	struct result r = machine();
	struct result_workload *w;
	struct estimate e;
	size_t i;

	(void)state;
	r.host_tsc_khz = 2000000;
	w = measure(&r, &cpuid);
	for (i = 0; i < w->samples; i++)
		w->sample[i].busy[CPUID_AT] *= 2;
	assert_int_equal(estimate_make(&e, &r), 0);
	assert_true(fabs(class_of(&e, "cpuid.leaf0", EXITPROBE_INTERRUPT)->per_op.interval.est) <
		    0.0005);
	estimate_free(&e);
	result_free(&r);
}

/*
 * An op of 3 ms meets three ticks with interrupts off; while spinning a tick was an interrupt exit.
 * That is not a finding, but the same number of exits of another kind is.
 */
static void ticks_are_not_held_against_operations(void **state)
{
	static const struct truth slow = { "slow", 100, 3000000, 0, 0.5, 2.5 };
	struct result r = machine();
	struct estimate e;

	(void)state;
	assert_int_equal(result_add_expectation(measure(&r, &slow), EXITPROBE_IO, 0, 0, "none"), 0);
	assert_int_equal(estimate_make(&e, &r), 0);
	assert_int_equal(class_of(&e, "slow", EXITPROBE_INTERRUPT_WINDOW)->verdict, ESTIMATE_PASS);
	assert_int_equal(class_of(&e, "slow", EXITPROBE_CPUID)->verdict, ESTIMATE_UNEXPECTED);
	estimate_free(&e);
	result_free(&r);
}

/* Exits that occur a few times per window, whatever its size, have a slope of either sign, and
 * their band may say so. */
static void declared_below_zero_holds(void **state)
{
	struct estimate_class c = { .exit_class = EXITPROBE_PAGE_FAULT };
	struct result_workload w = { 0 };

	(void)state;
	assert_int_equal(result_add_expectation(&w, EXITPROBE_PAGE_FAULT, -0.6, 0.6, "none"), 0);
	c.per_op.interval.est = c.per_op.interval.lo = c.per_op.interval.hi = -0.3;
	verdict_band(&c, &w, 0);
	assert_int_equal(verdict_of(&c), ESTIMATE_PASS);
	w.expectation[0].low = 0;
	c.declared = false;
	verdict_band(&c, &w, 0);
	assert_int_equal(verdict_of(&c), ESTIMATE_UNEXPECTED);
	free(w.expectation[0].source);
	free(w.expectation);
}

static void more_than_time_brings_is_a_finding(void **state)
{
	static const struct truth slow = { "slow", 100, 3000000, 0, 0, 4 };
	struct result r = machine();
	struct estimate e;

	(void)state;
	assert_int_equal(result_add_expectation(measure(&r, &slow), EXITPROBE_IO, 0, 0, "none"), 0);
	assert_int_equal(estimate_make(&e, &r), 0);
	assert_int_equal(class_of(&e, "slow", EXITPROBE_INTERRUPT_WINDOW)->verdict,
			 ESTIMATE_UNEXPECTED);
	estimate_free(&e);
	result_free(&r);
}

/* Two exits in one window out of five blocks of spinning are not a rate that a 3 ms operation would
 * meet. */
static void one_burst_is_no_background(void **state)
{
	static const struct truth slow = { "slow", 100, 3000000, 0, 10, 0 };
	const struct stats_interval *i;
	struct result r = machine();
	struct estimate e;

	(void)state;
	r.workload[0].sample[SIZES - 1].exits[CPUID_AT] = 2;
	measure(&r, &slow);
	assert_int_equal(estimate_make(&e, &r), 0);
	i = &class_of(&e, "slow", EXITPROBE_CPUID)->per_op.interval;
	assert_true(fabs(i->lo - 10) < 1e-9 && fabs(i->hi - 10) < 1e-9);
	estimate_free(&e);
	result_free(&r);
}

static const struct compare_row *compared(const struct compare *c, enum exitprobe_class exit_class)
{
	size_t i;

	for (i = 0; i < c->rows; i++)
		if (!strcmp(c->row[i].workload->w->name, "slow") &&
		    c->row[i].family != COMPARE_TIMES && c->row[i].exit_class == exit_class)
			return &c->row[i];
	fail();
	return NULL;
}

/* Two and a half windows against none: hit by a tick, not caused by the operation. The CPUIDs do
 * differ. */
static void compare_does_not_find_ticks(void **state)
{
	static const struct truth one = { "slow", 100, 3000000, 0, 0, 0 };
	static const struct truth other = { "slow", 100, 3000000, 0, 0.5, 2.5 };
	struct result a = machine(), b = machine();
	struct estimate x, y;
	struct compare c;

	(void)state;
	assert_int_equal(result_add_expectation(measure(&a, &one), EXITPROBE_IO, 0, 0, "none"), 0);
	assert_int_equal(result_add_expectation(measure(&b, &other), EXITPROBE_IO, 0, 0, "none"),
			 0);
	assert_int_equal(estimate_make(&x, &a), 0);
	assert_int_equal(estimate_make(&y, &b), 0);
	assert_int_equal(compare_make(&c, &x, &y, NULL), 0);
	assert_int_equal(compared(&c, EXITPROBE_INTERRUPT_WINDOW)->verdict, COMPARE_SAME);
	assert_false(compare_visible(compared(&c, EXITPROBE_INTERRUPT_WINDOW)));
	assert_int_equal(compared(&c, EXITPROBE_CPUID)->verdict, COMPARE_DIFFERS);
	compare_free(&c);
	estimate_free(&x);
	estimate_free(&y);
	result_free(&a);
	result_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_interrupts_go_with_guest_time),
		cmocka_unit_test(busy_time_is_scaled),
		cmocka_unit_test(ticks_are_not_held_against_operations),
		cmocka_unit_test(declared_below_zero_holds),
		cmocka_unit_test(more_than_time_brings_is_a_finding),
		cmocka_unit_test(one_burst_is_no_background),
		cmocka_unit_test(compare_does_not_find_ticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
