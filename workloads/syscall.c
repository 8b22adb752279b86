// SPDX-License-Identifier: MIT
// The smallest system call: what one trip into the guest's kernel and back costs in exits. 0,
// except with page-table isolation under shadow paging, where every CR3 switch exits.
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

static int call(struct bench *b, uint64_t n)
{
	for (; b->done < n && syscall(SYS_getppid) >= 0; b->done++)
		;
	return 0;
}

static const struct expectation expected[] = {
	{ 0, CR_ACCESS, BETWEEN(0, 0.02),
	  .source = "SYSCALL and SYSRET do not exit: vmx.c, svm.c init_vmcb" },
	{ .source = NULL },
};

WORKLOAD(syscall_getppid) = {
	.name = "syscall",
	.summary = "getppid(): the cost of a kernel entry (0 without PTI)",
	.op = "call",
	.kernel_entries = 1,
	.run = call,
	.verify = workload_verify_count,
	.expect = expected,
};
