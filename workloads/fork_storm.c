// SPDX-License-Identifier: MIT
// Many children at once: all of a sample are forked before any may end. KVM allows a VM shadow
// pages for a fiftieth of its memory; when the page tables of all these processes need more, it
// recycles those that will be used again, and a fork costs more the more of them there are. With
// --set fork.storm.children=512 --ops 64 the report says that they are not in proportion.
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "workload.h"

enum { CHILDREN };
#define CHILD_SIZE (256ul << 10) /* page tables, kernel stack, copied pages, and as much again */

static const char *supported(struct run *r)
{
	uint64_t children = (uint64_t)r->value[CHILDREN];
	struct rlimit limit;
	struct sysinfo memory;

	r->max_ops = children;
	if (!getrlimit(RLIMIT_NPROC, &limit) && limit.rlim_cur != RLIM_INFINITY &&
	    limit.rlim_cur < 2 * children)
		return "the limit of processes (ulimit -u) is less than twice the children";
	if (sysinfo(&memory) || memory.freeram * memory.mem_unit < children * CHILD_SIZE)
		return "less than 256 KiB of memory are free for each child";
	return NULL;
}

static int setup(struct run *r)
{
	r->state = calloc(r->ops, sizeof(pid_t));
	return r->state ? 0 : -ENOMEM;
}

/* Until the parent closes its end. */
static void child(const int gate[2])
{
	char byte;

	close(gate[1]);
	_exit(read(gate[0], &byte, 1) ? 1 : 0);
}

static int storm(struct run *r, uint64_t n)
{
	pid_t *pid = r->state;
	uint64_t made;
	int gate[2], ret = 0, rc;

	if (pipe(gate))
		return -errno;
	for (made = 0; made < n && !ret; made++) {
		pid[made] = (pid_t)syscall(SYS_fork);
		if (!pid[made])
			child(gate);
		if (pid[made] < 0)
			ret = -errno;
	}
	close(gate[1]);
	while (made) {
		rc = pid[--made] > 0 ? workload_wait(pid[made]) : -ECHILD;
		r->done += !rc;
		ret = ret ? ret : rc;
	}
	close(gate[0]);
	return ret;
}

/* Each child copies at least the page of its stack. */
static int verify(const struct run *r, uint64_t n)
{
	return r->done == n && r->usage.minor_faults >= n ? 0 : -ERANGE;
}

static void teardown(struct run *r)
{
	free(r->state);
}

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(57, 70), SVM,
	  .source = "as fork.exit, and the child's own system calls copy more pages; while all "
		    "tables fit mmu.c kvm_mmu_available_pages. Measured 61.6, 63.6 and 67.1 of up "
		    "to 8, 56 of 64 "
		    "to 256 children and 71 of 512 in a guest of 320 MiB, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(60, 73), VMX,
	  .source = "as SVM, and tables of the user's half with PTI. Measured 66.5, 2026-11-22" },
	{ SHADOW, INVLPG, BETWEEN(0, 0.3),
	  .source = "memory.c wp_page_copy flushes the old entry, of the parent and twice of the "
		    "child. Measured 3.1, 2026-11-22" },
	{ SHADOW, CR_ACCESS, BETWEEN(5.3, 7.9),
	  .source = "two switches to sleep, two to end, and the flushes of fork and exit: tlb.c "
		    "flush_tlb_func. Measured 5.8 to 7.6, by how often a child runs before its "
		    "parent sleeps, 2026-11-22" },
	{ .source = NULL },
};

static const struct parameter parameters[] = {
	[CHILDREN] = { "children", 64, 8, 4096, "children", "most that are alive at once" },
	{ .name = NULL },
};

WORKLOAD(fork_storm) = {
	.name = "fork.storm",
	.summary = "fork n children before any of them ends, then wait for all",
	.op = "child",
	.control = "fork.exit",
	.crossings = 12,
	.flushes = 3,
	.parameter = parameters,
	.supported = supported,
	.setup = setup,
	.run = storm,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
