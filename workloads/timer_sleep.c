// SPDX-License-Identifier: MIT
// Sleep: the timer is programmed, the CPU goes idle, the timer's interrupt wakes it.
#include <time.h>

#include "workload.h"

enum { LENGTH };

static const struct parameter parameters[] = {
	[LENGTH] = { "us", 1000, 50, 1000000, "us", "length of one sleep" },
	{ .name = NULL },
};

static int sleep_often(struct run *r, uint64_t n)
{
	struct timespec length = { .tv_sec = r->value[LENGTH] / 1000000,
				   .tv_nsec = r->value[LENGTH] % 1000000 * 1000 };
	int ret;

	for (; n; n--) {
		ret = clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
		if (ret)
			return -ret;
	}
	return 0;
}

static int verify(const struct run *r, uint64_t n)
{
	return r->usage.voluntary_switches >= n ? 0 : -ERANGE;
}

static const struct expectation expected[] = {
	{ .source = NULL },
};

WORKLOAD(timer_sleep) = {
	.name = "timer.sleep",
	.summary = "sleep for a millisecond on an idle CPU",
	.op = "sleep",
	.control = "timer.busy",
	.crossings = 1,
	.parameter = parameters,
	.run = sleep_often,
	.verify = verify,
	.expect = expected,
};
