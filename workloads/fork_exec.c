// SPDX-License-Identifier: MIT
// fork(), execute a program of one page that ends at once, wait for it: an address space is copied,
// thrown away and built again.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"
#include "kit/child.h"
#include "kit/program.h"
#include "workload.h"

static int setup(struct bench *b)
{
	int fd = workload_tiny_program();

	b->state = (void *)(long)(fd < 0 ? 0 : fd + 1);
	workload_trim_for_fork(true);
	return fd < 0 ? fd : 0;
}

static int replace_child(struct bench *b, uint64_t n)
{
	static char name[] = "program";
	char *const argv[] = { name, NULL }, *const envp[] = { NULL };
	int fd = (int)(long)b->state - 1, ret = 0;
	uint64_t done; /* on the stack, as in fork.exit */
	pid_t pid;

	for (done = 0; done < n && !ret; done += !ret) {
		pid = (pid_t)syscall(SYS_fork); /* glibc's does more after pthread_create() */
		if (!pid) {
			syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
			_exit(1);
		}
		ret = pid < 0 ? -errno : workload_wait(pid);
	}
	b->done = done;
	return ret;
}

/* The child copies a stack page, and the program touches its code and its stack. */
static int verify(const struct bench *b, uint64_t n)
{
	return b->done == n && b->usage.minor_faults >= 3 * n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	workload_trim_for_fork(false);
	if (b->state)
		close((int)(long)b->state - 1);
}

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(69, 75.5), SVM,
	  .source = "paging_tmpl.h: two exits for each fault of parent, child and program; mmu.c "
		    "kvm_mmu_pte_write: the rest are writes to shadowed page tables. Measured "
		    "71.00 to 72.00, 2026-11-26" },
	{ SHADOW, EXCEPTION, BETWEEN(88, 96.5), VMX,
	  .source = "as SVM, plus the tables of the user half with PTI. Measured 92.00, and 91.1 "
		    "in a run of all workloads, 2026-11-26" },
	{ SHADOW, INVLPG, BETWEEN(0, 0.05),
	  .source = "memory.c wp_page_copy flushes the entry of each page that fork left shared; "
		    "exec.c shift_arg_pages would flush those of a moved stack, but a fixed layout "
		    "does not move it. Measured 2.006, 2026-11-22" },
	{ SHADOW, CR_ACCESS, BETWEEN(5.95, 6.55),
	  .source = "two switches, the one in exec_mmap, and the flushes of fork, exec and exit: "
		    "tlb.c flush_tlb_func. Measured 6.00, and with PTI 42n + 4 to 8 for n "
		    "programs, estimated as 40.4 to 41.6; 46n where KVM takes 4 ms per program, so "
		    "that each meets a tick, 2026-11-26" },
	{ .source = NULL },
};

WORKLOAD(fork_exec) = {
	.name = "fork.exec",
	.summary = "fork, execute a program of one page, wait",
	.op = "program",
	.control = "fork.exit",
	.kernel_entries =
		9, /* from 42 measured CR accesses with PTI, 6 of them not kernel entries */
	.flushes = 2,
	.setup = setup,
	.run = replace_child,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
