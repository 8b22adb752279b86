// SPDX-License-Identifier: MIT
// fork(), the child ends at once, wait for it. Shadow paging pays for every page table that is
// copied, write-protected and torn down.
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

static int fork_exit(struct run *r, uint64_t n)
{
	int status;
	pid_t pid;

	(void)r;
	for (; n; n--) {
		pid = fork();
		if (pid < 0)
			return -errno;
		if (!pid)
			_exit(0);
		if (waitpid(pid, &status, 0) != pid)
			return -errno;
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			return -ECHILD;
	}
	return 0;
}

/* Parent and child each copy at least the page of their stack. */
static int verify(const struct run *r, uint64_t n)
{
	return r->usage.minor_faults >= 2 * n ? 0 : -ERANGE;
}

/* Of this small static process; a larger one pays more for every page table (kernel mm/memory.c
 * copy_page_range). */
static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(55, 80), SVM,
	  .source = "paging_tmpl.h: about 33 faults of parent and child, two exits each. Measured "
		    "66" },
	{ SHADOW, CR_ACCESS, BETWEEN(4, 9), SVM,
	  .source = "two switches, fork's and exit's TLB flushes: tlb.c flush_tlb_func; more when "
		    "it is preempted. Measured 5.1 to 7.3" },
	{ SHADOW, INVLPG, BETWEEN(6.5, 9.5), SVM,
	  .source = "one a copied page: memory.c wp_page_copy flushes the old entry. Measured "
		    "7 and 8, by where the linker puts the data that is written" },
	{ SHADOW, EXCEPTION, BETWEEN(60, 90), VMX,
	  .source = "paging_tmpl.h: about 37 faults of parent and child, two exits each. Measured "
		    "75" },
	{ SHADOW, CR_ACCESS, BETWEEN(4, 90), VMX,
	  .source = "two switches, TLB flushes, and with PTI every fault's crossing. Measured 82 "
		    "with PTI" },
	{ SHADOW, INVLPG, BETWEEN(6.5, 14.5), VMX,
	  .source = "copied pages: INVLPG, with PCID also INVPCID. Measured 7 + 7" },
	{ .source = NULL },
};

WORKLOAD(fork_exit_wait) = {
	.name = "fork.exit",
	.summary = "fork, exit in the child, wait",
	.op = "fork",
	.run = fork_exit,
	.verify = verify,
	.expect = expected,
};
