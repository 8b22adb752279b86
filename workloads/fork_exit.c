// SPDX-License-Identifier: MIT
// fork(), the child ends at once, wait for it. Shadow paging pays for every page table that is
// copied, write-protected and torn down.
#include "expect.h"
#include "kit/child.h"
#include "kit/program.h"
#include "workload.h"

static int setup(struct bench *b)
{
	(void)b;
	workload_trim_for_fork(true);
	return 0;
}

/* Counted on the stack, which fork and wait write anyway; any other page would have to be copied
 * too. */
static int fork_exit(struct bench *b, uint64_t n)
{
	uint64_t done;
	int ret = 0;

	for (done = 0; done < n && !ret; done += !ret)
		ret = workload_fork();
	b->done = done;
	return ret;
}

static void teardown(struct bench *b)
{
	(void)b;
	workload_trim_for_fork(false);
}

/* Parent and child each copy at least the page of their stack. */
static int verify(const struct bench *b, uint64_t n)
{
	return b->done == n && b->usage.minor_faults >= 2 * n ? 0 : -ERANGE;
}

/* The figures are for this small static process; a larger one pays more for every page table
 * (kernel mm/memory.c copy_page_range). */
static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(40, 44), SVM,
	  .source = "paging_tmpl.h: six faults of parent and child, two exits each; mmu.c "
		    "kvm_mmu_page_fault: the rest are writes to shadowed page tables. Measured "
		    "41.00 to 42.00, 2026-11-26" },
	{ SHADOW, INVLPG, FLUSHES_ONLY,
	  .source = "memory.c wp_page_copy flushes the old entry. Measured 2.000, 2026-11-22" },
	{ SHADOW, CR_ACCESS, BETWEEN(4.95, 5.45),
	  .source = "two switches and the flushes of fork and exit: tlb.c flush_tlb_func. Measured "
		    "5.00, and with PTI 33n + 4 to 8 for n forks, estimated as 32 to 32.7; 37n "
		    "where KVM takes 3 ms per fork, so that most meet a tick, each a kernel entry, "
		    "2026-11-26" },
	{ SHADOW, EXCEPTION, BETWEEN(49, 53.9), VMX,
	  .source = "as SVM, with more shadowed tables since PTI has two of each. Measured 51n + "
		    "1, 52n, and 50.00 in each window of a run of all workloads, 2026-11-26" },
	{ .source = NULL },
};

WORKLOAD(fork_exit_wait) = {
	.name = "fork.exit",
	.summary = "fork, exit in the child, wait",
	.op = "fork",
	.kernel_entries = 7, /* from 33 measured CR accesses with PTI, 5 of them fork's own */
	.flushes = 2,        /* pages copied while their process runs: memory.c wp_page_copy */
	.setup = setup,
	.run = fork_exit,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
