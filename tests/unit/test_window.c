// SPDX-License-Identifier: MIT
// Description: a window shows exactly the exits of its workload, and a sample that did not do its
// work fails.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_kvm.h"
#include "run/calibrate.h"
#include "run/sample.h"
#include "run/window.h"
#include "workload.h"

#define IO_CODE 0x7b /* SVM_EXIT_IOIO */

static struct fake_kvm kvm;
static struct exitprobe probe;
static struct window win;
static uint64_t exits[EXITPROBE_SLOTS];
static struct result_sample sample;
static unsigned int torn_down;

static int three_each(struct bench *r, uint64_t n)
{
	(void)r;
	fake_kvm_exits(&kvm, IO_CODE, 3 * n);
	return 0;
}

static int broken(struct bench *r, uint64_t n)
{
	(void)n;
	snprintf(r->why, sizeof(r->why), "the device is gone");
	return -EIO;
}

static int one_short(struct bench *r, uint64_t n)
{
	return three_each(r, n - 1);
}

static int proved(const struct bench *r, uint64_t n)
{
	(void)r;
	return fake_kvm_count(&kvm, IO_CODE) == 3 * n ? 0 : -ERANGE;
}

static int refuses(struct bench *r)
{
	(void)r;
	return -ENOMEM;
}

static void note(struct bench *r)
{
	(void)r;
	torn_down++;
}

static int begin(void **state)
{
	(void)state;
	fake_kvm_init(&kvm, EXITPROBE_SVM);
	torn_down = 0;
	memset(exits, 0, sizeof(exits));
	sample = (struct result_sample){ .exits = exits };
	win.probe = &probe;
	return exitprobe_open(&probe, &kvm.source);
}

static int measure(const struct workload *w, uint64_t ops)
{
	struct bench r = { .workload = w, .ops = ops };

	return sample_run(&win, &r, &sample, 10);
}

static void exact_and_nothing_else(void **state)
{
	const struct workload w = {
		.name = "t", .run = three_each, .verify = proved, .teardown = note
	};
	uint32_t i, io = (uint32_t)exitprobe_code_slot(&probe, IO_CODE);

	(void)state;
	assert_int_equal(measure(&w, 100), 0);
	for (i = 0; i < exitprobe_slots(&probe); i++)
		assert_int_equal(exits[i], i == io ? 300 : 0);
	assert_int_equal(sample.ops, 100);
	assert_int_equal(torn_down, 1);
}

static uintptr_t frame;

static int show_frame(struct bench *r, uint64_t n)
{
	(void)r;
	(void)n;
	frame = (uintptr_t)__builtin_frame_address(0);
	return 0;
}

static void measure_deeper(size_t depth)
{
	const struct workload w = { .name = "t", .run = show_frame };
	char deeper[depth];

	__asm__ volatile("" : : "r"(deeper)); /* keeps the compiler from dropping it */
	assert_int_equal(measure(&w, 1), 0);
	assert_in_range(frame % 4096, 4096 - 512, 4095);
}

/* A fork copies each page that the loop writes: their number must not depend on the stack's
 * depth. */
static void loop_has_its_stack_in_one_page(void **state)
{
	size_t depth;

	(void)state;
	for (depth = 16; depth <= 4096; depth += 16)
		measure_deeper(depth);
}

static void without_counters_time_only(void **state)
{
	const struct workload w = { .name = "t", .run = three_each };
	struct bench r = { .workload = &w, .ops = 5 };
	struct window blind = { .probe = NULL };
	struct result_sample s = { 0 };

	(void)state;
	assert_int_equal(sample_run(&blind, &r, &s, 10), 0);
	assert_null(s.exits);
	assert_true(s.cycles > 0);
}

static void failed_run_tells_why(void **state)
{
	const struct workload w = { .name = "t", .run = broken, .teardown = note };
	struct bench r = { .workload = &w, .ops = 1 };

	(void)state;
	assert_int_equal(sample_run(&win, &r, &sample, 10), -EIO);
	assert_string_equal(r.why, "the device is gone");
	assert_int_equal(torn_down, 1);
}

static void work_not_done_fails(void **state)
{
	const struct workload w = { .name = "t", .run = one_short, .verify = proved };
	struct bench r = { .workload = &w, .ops = 10 };

	(void)state;
	assert_int_equal(sample_run(&win, &r, &sample, 10), -ERANGE);
	assert_non_null(strstr(r.why, "accounted for different work"));
}

static void failed_setup_is_torn_down(void **state)
{
	const struct workload w = {
		.name = "t", .setup = refuses, .run = three_each, .teardown = note
	};

	(void)state;
	assert_int_equal(measure(&w, 10), -ENOMEM);
	assert_int_equal(torn_down, 1);
	assert_int_equal(fake_kvm_count(&kvm, IO_CODE), 0);
}

/* Reads a pipe that has no writer: only the watchdog can end it. */
static int stuck(struct bench *r, uint64_t n)
{
	int ends[2];
	char byte;

	(void)r;
	(void)n;
	if (pipe(ends))
		return -errno;
	if (read(ends[0], &byte, 1) == 1)
		return 0;
	close(ends[0]);
	close(ends[1]);
	return -EINTR;
}

static void stuck_workload_ends(void **state)
{
	const struct workload w = { .name = "t", .run = stuck, .teardown = note };
	struct bench r = { .workload = &w, .ops = 1 };

	(void)state;
	assert_int_equal(sample_run(&win, &r, &sample, 1), -ETIMEDOUT);
	assert_non_null(strstr(r.why, "longer than 1 s"));
	assert_int_equal(torn_down, 1);
}

static void brackets_are_exact(void **state)
{
	struct result_calibration c = { 0 };

	(void)state;
	fake_kvm_exits(&kvm, IO_CODE, 7);
	assert_int_equal(calibrate(&win, &c), 0);
	assert_true(c.brackets >= 32);
	assert_int_equal(c.brackets_exact, c.brackets);
	/* Two bitmap leaves, the I/O slot, the CPUID slot. */
	assert_int_equal(c.bracket_cost, 4);
	assert_int_equal(c.clock_exits, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(exact_and_nothing_else, begin),
		cmocka_unit_test_setup(loop_has_its_stack_in_one_page, begin),
		cmocka_unit_test_setup(without_counters_time_only, begin),
		cmocka_unit_test_setup(failed_run_tells_why, begin),
		cmocka_unit_test_setup(work_not_done_fails, begin),
		cmocka_unit_test_setup(failed_setup_is_torn_down, begin),
		cmocka_unit_test_setup(stuck_workload_ends, begin),
		cmocka_unit_test_setup(brackets_are_exact, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
