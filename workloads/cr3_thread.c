// SPDX-License-Identifier: MIT
// Control of cr3.pipe: the same system calls and switches between two threads, which share one
// address space.
#include <pthread.h>
#include <stdlib.h>

#include "expect.h"
#include "kit/pipes.h"
#include "workload.h"

#define WARM_UP 4 /* round trips until the partner has its own copies of pages */

struct pair {
	struct pipes pipes; /* must be first: b->state is used as either type */
	pthread_t thread;
	bool started;
};

static void *echo(void *pipes)
{
	pipes_echo(pipes);
	return NULL;
}

static int setup(struct bench *b)
{
	struct pair *p = calloc(1, sizeof(*p));
	int ret;

	if (!p)
		return -ENOMEM;
	b->state = p;
	ret = pipes_open(&p->pipes);
	if (!ret)
		ret = -pthread_create(&p->thread, NULL, echo,
				      &p->pipes); /* the affinity is inherited */
	p->started = !ret;
	return ret ? ret : pipes_round_trips(&p->pipes, WARM_UP, NULL);
}

static int ping_pong(struct bench *b, uint64_t n)
{
	return pipes_round_trips(b->state, n, &b->done);
}

/* Both threads are in this process: one context switch each per round trip. */
static int verify(const struct bench *b, uint64_t n)
{
	uint64_t switches = b->usage.voluntary_switches + b->usage.involuntary_switches;

	return b->done == n && switches >= 2 * n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct pair *p = b->state;

	if (!p)
		return;
	pipes_hang_up(&p->pipes);
	if (p->started)
		pthread_join(p->thread, NULL);
	pipes_close(&p->pipes);
	free(p);
}

static const struct expectation expected[] = {
	{ 0, CR_ACCESS, BETWEEN(0, 0.02),
	  .source = "one address space: context_switch() writes no CR3" },
	{ .source = NULL },
};

WORKLOAD(cr3_thread) = {
	.name = "cr3.thread",
	.summary = "thread ping-pong over pipes on one CPU: no address space switch (control)",
	.op = "round trip",
	.kernel_entries = 4,
	.setup = setup,
	.run = ping_pong,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
