// SPDX-License-Identifier: MIT
// A timer that expires repeatedly while the CPU spins: programming and interrupt, without the idle
// CPU of a sleep.
#include <signal.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

enum { LENGTH };

static const struct parameter parameters[] = {
	[LENGTH] = { "us", 1000, 50, 1000000, "us", "from one expiry to the next" },
	{ .name = NULL },
};

static int setup(struct bench *b)
{
	long fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	b->state = (void *)(fd + 1);
	return fd < 0 ? -errno : 0;
}

static int fd_of(const struct bench *b)
{
	return (int)(long)b->state - 1;
}

#define LATE 50000 /* ns that the expiry may take until it can be read */

/* Stay in user space: this clock needs no system call. */
static void spin(int64_t ns)
{
	struct timespec t;
	int64_t end;

	clock_gettime(CLOCK_MONOTONIC, &t);
	end = t.tv_sec * 1000000000ll + t.tv_nsec + ns;
	do
		clock_gettime(CLOCK_MONOTONIC, &t);
	while (t.tv_sec * 1000000000ll + t.tv_nsec < end);
}

/* One shot each, so that every operation programs the timer once, however late we notice that it
 * expired. */
static int expire_often(struct bench *b, uint64_t n)
{
	struct itimerspec length = { .it_value = { .tv_sec = b->value[LENGTH] / 1000000,
						   .tv_nsec = b->value[LENGTH] % 1000000 * 1000 } };
	uint64_t expired;

	for (; n; n--) {
		if (timerfd_settime(fd_of(b), 0, &length, NULL))
			return -errno;
		spin(b->value[LENGTH] * 1000 + LATE);
		while (read(fd_of(b), &expired, sizeof(expired)) != sizeof(expired)) {
			if (errno != EAGAIN)
				return -errno;
			spin(LATE);
		}
		b->done++;
	}
	return 0;
}

static void teardown(struct bench *b)
{
	if (b->state)
		close(fd_of(b));
}

static const struct expectation expected[] = {
	{ 0, MSR, BETWEEN(0.9, 3),
	  .source = "the deadline is written for the timer and for the tick after it: apic.c "
		    "lapic_next_deadline. Measured 1.7 on SVM, 2026-11-22" },
	{ 0, INTERRUPT, BETWEEN(0, 2.2),
	  .source = "the host's timer behind the guest's. Measured 1.05 on SVM, 2026-11-22" },
	{ 0, INTERRUPT_WINDOW, BETWEEN(0, 2),
	  .source = "the interrupt waits for the guest to take it. Measured 0.26 on SVM, "
		    "2026-11-22" },
	{ SHADOW, CR_ACCESS, BETWEEN(0, 1.6), VMX,
	  .source = "ticks that come while user space waits. Measured 13.07 in all, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(timer_busy) = {
	.name = "timer.busy",
	.summary = "wait for a one-millisecond timer on a busy CPU",
	.op = "expiry",
	.kernel_entries = 3, /* set, read, and the interrupt */
	.parameter = parameters,
	.setup = setup,
	.run = expire_often,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
