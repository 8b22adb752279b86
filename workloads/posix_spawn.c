// SPDX-License-Identifier: MIT
// posix_spawn() of a program of one page, wait for it: fork.exec without the copy of the address
// space, since the child borrows its parent's until it executes.
#include <spawn.h>
#include <stdio.h>
#include <unistd.h>

#include "expect.h"
#include "kit/program.h"
#include "workload.h"

static const char *supported(struct bench *b)
{
	(void)b;
	return access("/proc/self/fd", X_OK) ? "/proc is not mounted: posix_spawn() needs a path"
					     : NULL;
}

static int setup(struct bench *b)
{
	int fd = workload_tiny_program();

	b->state = (void *)(long)(fd < 0 ? 0 : fd + 1);
	return fd < 0 ? fd : 0;
}

static int spawn(struct bench *b, uint64_t n)
{
	static char name[] = "program";
	char *const argv[] = { name, NULL }, *const envp[] = { NULL };
	char path[32];
	pid_t pid;
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", (int)(long)b->state - 1);
	for (; b->done < n; b->done++) {
		ret = -posix_spawn(&pid, path, NULL, NULL, argv, envp);
		if (!ret)
			ret = workload_wait(pid);
		if (ret)
			return ret;
	}
	return 0;
}

/* The program touches its code and its stack, and we sleep until it ends. */
static int verify(const struct bench *b, uint64_t n)
{
	return b->done == n && b->usage.minor_faults >= 2 * n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	if (b->state)
		close((int)(long)b->state - 1);
}

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(29, 31), SVM,
	  .source = "paging_tmpl.h: two exits for each fault of the program; mmu.c "
		    "kvm_mmu_pte_write: the rest are writes to shadowed page tables. Measured "
		    "30.00 to 30.02, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(37.2, 40.8), VMX,
	  .source =
		  "as SVM, plus the tables of the user half with PTI. Measured 39.00, 2026-11-22" },
	{ SHADOW, INVLPG, BETWEEN(0, 0.05),
	  .source = "mprotect.c of glibc's stack for the child. Measured 1.000, 2026-11-22" },
	{ SHADOW, CR_ACCESS, BETWEEN(2.95, 3.15),
	  .source = "exec_mmap, the switches of two address spaces, the flush of exit: tlb.c "
		    "flush_tlb_func. Measured 3.02 to 3.08, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(posix_spawn_wait) = {
	.name = "posix_spawn",
	.summary = "posix_spawn of a program of one page, wait",
	.op = "program",
	.control = "fork.exec",
	.kernel_entries =
		134, /* 130 of them are sigaction() and other calls of glibc 2.36: strace -f */
	.flushes = 1,
	.supported = supported,
	.setup = setup,
	.run = spawn,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
