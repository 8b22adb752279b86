// SPDX-License-Identifier: MIT
// Sleep: the timer is programmed, the CPU goes idle, the timer's interrupt wakes it.
#include <time.h>

#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

enum { LENGTH };

static const struct parameter parameters[] = {
	[LENGTH] = { "us", 1000, 50, 1000000, "us", "length of one sleep" },
	{ .name = NULL },
};

static int sleep_often(struct bench *b, uint64_t n)
{
	struct timespec length = { .tv_sec = b->value[LENGTH] / 1000000,
				   .tv_nsec = b->value[LENGTH] % 1000000 * 1000 };
	int ret;

	for (; n; n--) {
		ret = clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
		if (ret)
			return -ret;
		b->done++;
	}
	return 0;
}

static const struct expectation expected[] = {
	{ 0, HLT, BETWEEN(0.8, 1.5),
	  .source =
		  "idle until the timer: process.c default_idle. Measured 1.1 on SVM, 2026-11-22" },
	{ 0, MSR, BETWEEN(1, 4),
	  .source =
		  "the deadline is written for the timer and when idle stops and starts the tick: "
		  "apic.c lapic_next_deadline. Measured 2.1 to 2.3 on SVM, 2026-11-22" },
	{ 0, INTERRUPT, BETWEEN(0, 2), .source = "the host's timer behind the guest's" },
	{ 0, INTERRUPT_WINDOW, BETWEEN(0, 2),
	  .source = "the interrupt waits for the guest to take it" },
	{ .source = NULL },
};

WORKLOAD(timer_sleep) = {
	.name = "timer.sleep",
	.summary = "sleep for a millisecond on an idle CPU",
	.op = "sleep",
	.control = "timer.busy",
	.kernel_entries = 1,
	.parameter = parameters,
	.run = sleep_often,
	.verify = workload_verify_count,
	.expect = expected,
};
