// SPDX-License-Identifier: MIT
// Two processes on one CPU hand a byte back and forth: every hand-over switches the address space.
#include <stdlib.h>

#include "expect.h"
#include "kit/child.h"
#include "kit/pipes.h"
#include "workload.h"

#define WARM_UP 4 /* round trips until the partner has its own copies of pages */

struct pair {
	struct pipes pipes; /* must be first: b->state is used as either type */
	int child;
};

static int echo(struct bench *b)
{
	struct pair *p = b->state;

	pipes_hang_up(&p->pipes); /* our copy */
	return pipes_echo(&p->pipes);
}

static int setup(struct bench *b)
{
	struct pair *p = calloc(1, sizeof(*p));
	int ret;

	if (!p)
		return -ENOMEM;
	b->state = p;
	ret = pipes_open(&p->pipes);
	if (ret)
		return ret;
	p->child = workload_child(b, echo);
	return p->child < 0 ? p->child : pipes_round_trips(&p->pipes, WARM_UP, NULL);
}

static int ping_pong(struct bench *b, uint64_t n)
{
	return pipes_round_trips(b->state, n, &b->done);
}

/* One context switch per round trip: we sleep in read(), or the woken child preempts us. */
static int verify(const struct bench *b, uint64_t n)
{
	uint64_t switches = b->usage.voluntary_switches + b->usage.involuntary_switches;

	return b->done == n && switches >= n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct pair *p = b->state;

	if (!p)
		return;
	workload_reap(p->child);
	pipes_close(&p->pipes);
	free(p);
}

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, CR_ACCESS, BETWEEN(1.95, 2.1),
	  .source = "one CR3 write per switch: mmu.c kvm_mmu_new_pgd" },
	{ .source = NULL },
};

WORKLOAD(cr3_pipe) = {
	.name = "cr3.pipe",
	.summary = "process ping-pong over pipes on one CPU",
	.op = "round trip",
	.control = "cr3.thread",
	.kernel_entries = 4,
	.setup = setup,
	.run = ping_pong,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
