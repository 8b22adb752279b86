// SPDX-License-Identifier: MIT
// PAUSE without a rest. Hypervisors intercept it to notice a vCPU that spins on a lock; KVM does so
// only where the processor filters, so that a user-space loop of PAUSEs costs next to nothing.
#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

static int pause_loop(struct bench *b, uint64_t n)
{
	uint64_t i;

	for (i = 0; i < n; i++)
		__asm__ volatile("pause" : "+r"(i));
	b->done = i;
	return 0;
}

static const struct expectation expected[] = {
	{ 0, EXITPROBE_PAUSE, BETWEEN(0, 0.001),
	  .source = "SVM: svm.c svm_vm_init lets PAUSE run if there is no filter, else every "
		    "3000th exits (KVM_SVM_DEFAULT_PLE_WINDOW); VMX: PAUSE-loop exiting is for "
		    "ring 0 (SDM 3C 26.1.3). Measured 0 on SVM without a filter, 2026-11-22, and "
		    "on VMX, 2026-11-23" },
	{ .source = NULL },
};

WORKLOAD(pause_instruction) = {
	.name = "pause",
	.summary = "PAUSE in a loop: never exits, or one in thousands",
	.op = "pause",
	.run = pause_loop,
	.verify = workload_verify_count,
	.expect = expected,
};
