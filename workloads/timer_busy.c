// SPDX-License-Identifier: MIT
// A timer that expires again and again while the CPU spins: programming and interrupt, without the
// idle CPU of a sleep.
#include <signal.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

enum { LENGTH };

static const struct parameter parameters[] = {
	[LENGTH] = { "us", 1000, 50, 1000000, "us", "from one expiry to the next" },
	{ .name = NULL },
};

static int setup(struct run *r)
{
	long fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	r->state = (void *)(fd + 1);
	return fd < 0 ? -errno : 0;
}

static int fd_of(const struct run *r)
{
	return (int)(long)r->state - 1;
}

static void spin_a_while(void)
{
	volatile unsigned int i;

	for (i = 0; i < 1000; i++)
		;
}

/* One shot each, so that every operation programs the timer once, however late it is seen. */
static int expire_often(struct run *r, uint64_t n)
{
	struct itimerspec length = { .it_value = { .tv_sec = r->value[LENGTH] / 1000000,
						   .tv_nsec = r->value[LENGTH] % 1000000 * 1000 } };
	uint64_t expired;

	for (; n; n--) {
		if (timerfd_settime(fd_of(r), 0, &length, NULL))
			return -errno;
		while (read(fd_of(r), &expired, sizeof(expired)) != sizeof(expired)) {
			if (errno != EAGAIN)
				return -errno;
			spin_a_while();
		}
		r->done++;
	}
	return 0;
}

static void teardown(struct run *r)
{
	if (r->state)
		close(fd_of(r));
}

static const struct expectation expected[] = {
	{ .source = NULL },
};

WORKLOAD(timer_busy) = {
	.name = "timer.busy",
	.summary = "wait for a timer of a millisecond on a busy CPU",
	.op = "expiry",
	.parameter = parameters,
	.setup = setup,
	.run = expire_often,
	.verify = workload_counted,
	.teardown = teardown,
	.expect = expected,
};
