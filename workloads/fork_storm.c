// SPDX-License-Identifier: MIT
// Many children at once: all children of a sample are forked before any may end. KVM allows a VM
// shadow pages for a fiftieth of its memory; when the page tables of all these processes need more,
// it recycles pages that will be used again, and each fork costs more the more processes exist.
// With --set fork.storm.children=512 --ops 64 the report says that the exits are not in proportion.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "expect.h"
#include "kit/child.h"
#include "kit/cpus.h"
#include "kit/memory.h"
#include "kit/program.h"
#include "workload.h"

enum { CHILDREN };
#define CHILD_SIZE (256ul << 10) /* page tables, kernel stack and copied pages, doubled */

static const char *supported(struct bench *b)
{
	uint64_t children = (uint64_t)b->value[CHILDREN];
	struct rlimit limit;
	struct sysinfo memory;

	b->max_ops = children;
	b->multiple = children >= 64 ? 8 : 1; /* one or two would not be a storm */
	if (workload_set_fifo(true))
		return "all children must exist before any runs, which needs a real-time priority: "
		       "run as root or with CAP_SYS_NICE";
	workload_set_fifo(false);
	if (!getrlimit(RLIMIT_NPROC, &limit) && limit.rlim_cur != RLIM_INFINITY &&
	    limit.rlim_cur < 2 * children)
		return "the process limit (ulimit -u) is less than twice the number of children";
	if (sysinfo(&memory) || memory.freeram * memory.mem_unit < children * CHILD_SIZE)
		return "less than 256 KiB of free memory per child";
	return NULL;
}

/*
 * Wait until the parent closes its end. Call only one function of the C library: code is mapped 16
 * pages at a time, so where the linker put other functions would decide how often a child faults.
 */
static void child(const int gate[2])
{
	char byte;

	syscall(SYS_close, gate[1]);
	syscall(SYS_exit_group, syscall(SYS_read, gate[0], &byte, 1) ? 1 : 0);
}

static int storm(struct bench *b, uint64_t n)
{
	pid_t *pid = b->state, one;
	uint64_t made;
	int gate[2], ret = 0, rc;

	if (pipe(gate))
		return -errno;
	for (made = 0; made < n && !ret; made++) {
		one = (pid_t)syscall(SYS_fork);
		if (!one)
			child(gate);
		pid[made] = one;
		if (one < 0)
			ret = -errno;
	}
	close(gate[1]);
	while (made) {
		rc = pid[--made] > 0 ? workload_wait(pid[made]) : -ECHILD;
		b->done += !rc;
		ret = ret ? ret : rc;
	}
	close(gate[0]);
	return ret;
}

/*
 * One unmeasured storm: after it, most page tables are built in memory that held page tables
 * before. Where they are not, the guest clears a page that is still shadowed, which exits.
 */
static int setup(struct bench *b)
{
	int ret;

	/* The list is hidden from the children too: otherwise every fork would have to copy its
	 * page again. */
	b->state = workload_map(b->ops * sizeof(pid_t), true);
	if (!b->state || madvise(b->state, b->ops * sizeof(pid_t), MADV_DONTFORK))
		return -errno;
	workload_trim_for_fork(true);
	ret = workload_set_fifo(true);
	if (!ret)
		ret = storm(b, b->ops);
	b->done = 0;
	return ret;
}

/* Each child copies at least one stack page. */
static int verify(const struct bench *b, uint64_t n)
{
	return b->done == n && b->usage.minor_faults >= n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	workload_set_fifo(false);
	workload_trim_for_fork(false);
	if (b->state)
		munmap(b->state, b->ops * sizeof(pid_t));
}

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(42, 46.2), SVM,
	  .source = "as fork.exit, while all tables fit mmu.c kvm_mmu_available_pages. Measured "
		    "43.2 to 44.4 per child with 6 to 256 children, 54 to 55 with 512 in a guest "
		    "of 320 MiB, 2026-11-26" },
	{ SHADOW, EXCEPTION, BETWEEN(50.5, 55.7), VMX,
	  .source =
		  "as SVM, plus the tables of the user half with PTI. Measured 52.8, 2026-11-26" },
	{ SHADOW, INVLPG, FLUSHES_ONLY,
	  .source = "memory.c wp_page_copy flushes the old entry, in parent and child. Measured "
		    "2.000, 2026-11-26" },
	{ SHADOW, CR_ACCESS, BETWEEN(4.7, 5.7),
	  .source = "two switches, rarely more, and the flushes of fork and exit: tlb.c "
		    "flush_tlb_func. Measured 4.93 to 5.36, 2026-11-26" },
	{ .source = NULL },
};

static const struct parameter parameters[] = {
	[CHILDREN] = { "children", 64, 8, 4096, "children", "maximum alive at once" },
	{ .name = NULL },
};

WORKLOAD(fork_storm) = {
	.name = "fork.storm",
	.summary = "fork n children before any of them ends, then wait for all",
	.op = "child",
	.control = "fork.exit",
	.kernel_entries =
		9, /* from 41.6 measured CR accesses with PTI, 5.2 of them not kernel entries */
	.flushes = 2,
	.parameter = parameters,
	.supported = supported,
	.setup = setup,
	.run = storm,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
