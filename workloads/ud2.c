// SPDX-License-Identifier: MIT
// An undefined instruction and a handler that steps over it. KVM intercepts #UD in every paging
// mode, since it emulates a few instructions that the host lacks, and reflects the rest.
#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>

#include "expect.h"
#include "workload.h"

#define UD2_LENGTH 2

static volatile uint64_t caught;

static void step_over(int number, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)number;
	(void)info;
	u->uc_mcontext.gregs[REG_RIP] += UD2_LENGTH;
	caught++;
}

static int setup(struct bench *b)
{
	struct sigaction catch = { .sa_sigaction = step_over, .sa_flags = SA_SIGINFO };
	struct sigaction *old = malloc(sizeof(*old));

	if (!old)
		return -ENOMEM;
	if (sigaction(SIGILL, &catch, old)) {
		free(old);
		return -errno;
	}
	b->state = old;
	caught = 0;
	return 0;
}

static int ud2(struct bench *b, uint64_t n)
{
	(void)b;
	for (; n; n--)
		__asm__ volatile("ud2" : : : "memory");
	return 0;
}

static int verify(const struct bench *b, uint64_t n)
{
	(void)b;
	return caught == n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	if (b->state)
		sigaction(SIGILL, b->state, NULL);
	free(b->state);
}

static const struct expectation expected[] = {
	{ 0, EXCEPTION, EXACTLY(1),
	  .source = "#UD is intercepted, x86.c handle_ud reflects it: svm.c init_vmcb, vmx.c "
		    "vmx_update_exception_bitmap. Measured 1.000 on SVM, 2026-11-22, and on VMX, "
		    "2026-11-23" },
	{ .source = NULL },
};

WORKLOAD(ud2_caught) = {
	.name = "ud2",
	.summary = "UD2, caught by a handler of SIGILL",
	.op = "ud2",
	.kernel_entries = 2, /* the exception and rt_sigreturn */
	.setup = setup,
	.run = ud2,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
