// SPDX-License-Identifier: MIT
// Description: a workload whose exits vary gets larger samples, as far as budget and memory go; one
// whose exits do not vary keeps its size.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fake_kvm.h"
#include "run/plan.h"
#include "run/trial.h"

#define IO_CODE 0x7b   /* SVM_EXIT_IOIO */
#define INTR_CODE 0x60 /* SVM_EXIT_INTR */
#define SMALLEST 100

static struct fake_kvm kvm;
static struct exitprobe probe;

static int steady(struct bench *r, uint64_t n)
{
	(void)r;
	fake_kvm_exits(&kvm, IO_CODE, 2 * n);
	return 0;
}

static int noisy(struct bench *r, uint64_t n)
{
	fake_kvm_exits(&kvm, IO_CODE, fake_kvm_random(&kvm) % 60);
	return steady(r, n);
}

static int ticking(struct bench *r, uint64_t n)
{
	fake_kvm_exits(&kvm, INTR_CODE, fake_kvm_random(&kvm) % 60);
	return steady(r, n);
}

static uint64_t refined(int (*run)(struct bench *, uint64_t), struct options o, uint64_t max_ops)
{
	const struct workload w = { .name = "w", .run = run };
	struct result_workload out = { 0 };
	struct result r = { .backend = EXITPROBE_LEAVES };
	struct engine e = {
		.r = &r, .o = &o, .win = { .probe = &probe }, .trials = 1, .cycles_per_second = 1e9
	};
	struct trial j = { .w = &w,
			   .out = &out,
			   .bench = { .workload = &w, .max_ops = max_ops },
			   .smallest = SMALLEST,
			   .cycles = 1000 };

	o.timeout = 10;
	fake_kvm_init(&kvm, EXITPROBE_SVM);
	assert_int_equal(exitprobe_open(&probe, &kvm.source), 0);
	assert_int_equal(trial_refine(&e, &j), 0);
	return j.smallest;
}

static const struct options usual = { .repeat = 5, .precision = 1, .budget = 1000 };

static void grows_where_exits_vary(void **state)
{
	struct options coarse = usual;

	(void)state;
	coarse.precision = 50;
	assert_int_equal(refined(steady, usual, 0), SMALLEST);
	assert_in_range(refined(noisy, usual, 0), 2 * SMALLEST, 64 * SMALLEST);
	assert_int_equal(refined(noisy, coarse, 0), SMALLEST);
}

/* No size of sample makes ticks rarer. */
static void not_for_ticks(void **state)
{
	(void)state;
	assert_int_equal(refined(ticking, usual, 0), SMALLEST);
}

static void ends_at_its_limits(void **state)
{
	struct options poor = usual;

	(void)state;
	/* 15 windows of 100 operations of 1000 cycles are 1.5 ms, and set-up takes as much
	 * again. */
	poor.budget = 6 * 2 * 1.5 * 1.5e-3;
	assert_in_range(refined(noisy, poor, 0), 149, 150);
	assert_int_equal(refined(noisy, usual, SMALLEST << (SIZES - 1)), SMALLEST);
}

static void not_where_the_user_chose(void **state)
{
	struct options o = usual;

	(void)state;
	o.time = 0.1;
	assert_int_equal(refined(noisy, o, 0), SMALLEST);
	o = usual;
	o.ops = SMALLEST;
	assert_int_equal(refined(noisy, o, 0), SMALLEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_where_exits_vary),
		cmocka_unit_test(not_for_ticks),
		cmocka_unit_test(ends_at_its_limits),
		cmocka_unit_test(not_where_the_user_chose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
