// SPDX-License-Identifier: MIT
// Two threads on two CPUs wake each other with a futex: each sleeps until the other's interrupt, so
// that its CPU halts and wakes once per round trip.
#include <pthread.h>
#include <stdlib.h>

#include "expect.h"
#include "kit/cpus.h"
#include "kit/pingpong.h"
#include "kit/verify.h"
#include "workload.h"

#define WARM_UP 4

struct pair {
	struct pingpong pingpong;
	pthread_t thread;
	bool started;
	int cpu;
};

static const char *supported(struct bench *b)
{
	return workload_other_cpu(b) < 0 ? "needs two CPUs" : NULL;
}

static void *echo(void *state)
{
	struct pair *p = state;

	workload_pin(p->cpu);
	pingpong_echo(&p->pingpong);
	return NULL;
}

static int setup(struct bench *b)
{
	struct pair *p = calloc(1, sizeof(*p));
	int ret;

	if (!p)
		return -ENOMEM;
	b->state = p;
	p->cpu = workload_other_cpu(b);
	ret = -pthread_create(&p->thread, NULL, echo, p);
	p->started = !ret;
	return ret ? ret : pingpong_round_trips(&p->pingpong, WARM_UP, NULL);
}

static int ping_pong(struct bench *b, uint64_t n)
{
	return pingpong_round_trips(&((struct pair *)b->state)->pingpong, n, &b->done);
}

static void teardown(struct bench *b)
{
	struct pair *p = b->state;

	if (!p)
		return;
	if (p->started) {
		pingpong_end(&p->pingpong);
		pthread_join(p->thread, NULL);
	}
	free(p);
}

static const struct expectation expected[] = {
	{ 0, MSR, BETWEEN(0, 4.2),
	  .source = "a write of the interrupt command register for each wake-up, unless the idle "
		    "loop polls (cpuidle-haltpoll), and one to the timer when idle stops it. "
		    "Measured 2.2 nested, 2.9 shadow, 2026-11-22" },
	{ 0, HLT, BETWEEN(0, 2.1),
	  .source = "each CPU halts once, unless its idle loop still polls (cpuidle-haltpoll). "
		    "Measured 1.4 to 1.6, 2026-11-22" },
	{ 0, INTERRUPT, BETWEEN(0, 2.1),
	  .source = "x86.c kvm_vcpu_kick; none when the CPU was halted. Measured 0.2 to 0.4, "
		    "2026-11-22" },
	{ SHADOW, CR_ACCESS, BETWEEN(0, 17), VMX,
	  .source = "with PTI four more for each side that has to wait, and for each return from "
		    "waiting. Measured 8.08, wake-ups alone, 2026-11-23" },
	{ .source = NULL },
};

WORKLOAD(ipi_futex) = {
	.name = "ipi.futex",
	.summary = "two threads on two CPUs wake each other with a futex",
	.op = "round trip",
	.control = "cr3.futex.thread",
	.kernel_entries = 2, /* the two wake-ups; waiting depends on which side is faster */
	.alone = "it uses two vCPUs itself",
	.supported = supported,
	.setup = setup,
	.run = ping_pong,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
