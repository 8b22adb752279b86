// SPDX-License-Identifier: MIT
// Description: a workload that fails, for whatever reason, ends alone; the others go on.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run/plan.h"
#include "run/run.h"
#include "workload.h"

static unsigned int calls;

static int fine(struct bench *r, uint64_t n)
{
	volatile uint64_t i;

	(void)r;
	for (i = 0; i < n; i++)
		;
	return 0;
}

/* Out of memory is the workload's own failure here, not the engine's. */
static int late_failure(struct bench *r)
{
	(void)r;
	return ++calls > 5 ? -ENOMEM : 0;
}

static int early_failure(struct bench *r)
{
	(void)r;
	return -ENOSPC;
}

static const char *refuses(struct bench *r)
{
	(void)r;
	return "needs a machine that does not exist";
}

static const struct workload good = { .name = "good", .summary = "", .op = "op", .run = fine };
static const struct workload late = {
	.name = "late", .summary = "", .op = "op", .setup = late_failure, .run = fine
};
static const struct workload early = {
	.name = "early", .summary = "", .op = "op", .setup = early_failure, .run = fine
};
static const struct workload absent = {
	.name = "absent", .summary = "", .op = "op", .supported = refuses, .run = fine
};

static void failures_stay_alone(void **state)
{
	const struct workload *list[] = { &late, &good, &early, &absent };
	const struct options o = {
		.repeat = 4, .seed = 1, .ops = 10, .time = 0.001, .timeout = 10
	};
	struct exitprobe none = { .backend = EXITPROBE_NONE };
	struct result r = { 0 };

	(void)state;
	calls = 0;
	assert_int_equal(run_all(&r, &none, list, 4, &o), 0);
	assert_true(r.complete);
	assert_int_equal(r.workloads, 4);
	assert_int_equal(r.workload[0].status, RESULT_FAILED);
	assert_non_null(strstr(r.workload[0].reason, "memory"));
	assert_int_equal(r.workload[1].status, RESULT_DONE);
	assert_int_equal(r.workload[1].samples, 4 * SIZES);
	assert_int_equal(r.workload[2].status, RESULT_FAILED);
	assert_int_equal(r.workload[2].samples, 0);
	assert_int_equal(r.workload[3].status, RESULT_SKIPPED);
	assert_string_equal(r.workload[3].reason, "needs a machine that does not exist");
	result_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(failures_stay_alone) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
