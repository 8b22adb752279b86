// SPDX-License-Identifier: MIT
// Two processes, or two threads, on one CPU hand a word back and forth with futexes: like cr3.pipe
// and cr3.thread, with less kernel work between the switches.
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "expect.h"
#include "kit/child.h"
#include "kit/cpus.h"
#include "kit/memory.h"
#include "kit/pingpong.h"
#include "workload.h"

#define WARM_UP 4 /* round trips until the partner has its own copies of pages */

struct pair {
	struct pingpong *pingpong; /* in shared memory */
	int child;
	pthread_t thread;
	bool started;
};

static int make_pair(struct bench *b)
{
	struct pair *p = calloc(1, sizeof(*p));
	void *memory;

	if (!p)
		return -ENOMEM;
	b->state = p;
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return -errno;
	p->pingpong = memory;
	return workload_set_batch(true);
}

static int process(struct bench *b)
{
	pingpong_echo(((struct pair *)b->state)->pingpong);
	return 0;
}

static int setup_process(struct bench *b)
{
	struct pair *p;
	int ret = make_pair(b);

	if (ret)
		return ret;
	p = b->state;
	p->child = workload_child(b, process);
	return p->child < 0 ? p->child : pingpong_round_trips(p->pingpong, WARM_UP, NULL);
}

static void *thread(void *pingpong)
{
	pingpong_echo(pingpong);
	return NULL;
}

static int setup_thread(struct bench *b)
{
	struct pair *p;
	int ret = make_pair(b);

	if (ret)
		return ret;
	p = b->state;
	ret = -pthread_create(&p->thread, NULL, thread,
			      p->pingpong); /* the affinity is inherited */
	p->started = !ret;
	return ret ? ret : pingpong_round_trips(p->pingpong, WARM_UP, NULL);
}

static int ping_pong(struct bench *b, uint64_t n)
{
	return pingpong_round_trips(((struct pair *)b->state)->pingpong, n, &b->done);
}

/* A process's switches are added to ours only after it ends; a thread's count at once. */
static int verify(const struct bench *b, uint64_t n)
{
	const struct pair *p = b->state;
	uint64_t switches = b->usage.voluntary_switches + b->usage.involuntary_switches;

	return b->done == n && switches >= (p->started ? 2 * n : n) ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct pair *p = b->state;

	if (!p)
		return;
	workload_set_batch(false);
	workload_reap(p->child);
	if (p->started) {
		pingpong_end(p->pingpong);
		pthread_join(p->thread, NULL);
	}
	if (p->pingpong)
		munmap(p->pingpong, PAGE);
	free(p);
}

static const struct expectation processes[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, CR_ACCESS, BETWEEN(1.95, 2.1),
	  .source = "one CR3 write per switch: mmu.c kvm_mmu_new_pgd. Measured 2.06 without "
		    "SCHED_BATCH, 2026-11-22" },
	{ .source = NULL },
};

static const struct expectation threads[] = {
	{ 0, CR_ACCESS, BETWEEN(0, 0.02),
	  .source = "one address space: context_switch() writes no CR3. Measured 0, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(cr3_futex) = {
	.name = "cr3.futex",
	.summary = "process ping-pong over a futex on one CPU",
	.op = "round trip",
	.control = "cr3.futex.thread",
	.kernel_entries = 4,
	.setup = setup_process,
	.run = ping_pong,
	.verify = verify,
	.teardown = teardown,
	.expect = processes,
};

WORKLOAD(cr3_futex_thread) = {
	.name = "cr3.futex.thread",
	.summary = "thread ping-pong over a futex on one CPU: no address space switch (control)",
	.op = "round trip",
	.kernel_entries = 4,
	.setup = setup_thread,
	.run = ping_pong,
	.verify = verify,
	.teardown = teardown,
	.expect = threads,
};
