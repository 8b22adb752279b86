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

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(20, 400), SVM,
	  .source = "grows with the process: paging_tmpl.h, mmu.c" },
	{ SHADOW, EXCEPTION, BETWEEN(20, 400), VMX,
	  .source = "grows with the process: paging_tmpl.h, mmu.c" },
	{ .source = NULL },
};

WORKLOAD(fork_exit_wait) = {
	.name = "fork.exit",
	.summary = "fork, exit in the child, wait",
	.op = "fork",
	.crossings = 3,
	.run = fork_exit,
	.verify = verify,
	.expect = expected,
};
