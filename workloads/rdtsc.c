// SPDX-License-Identifier: MIT
// Control: an instruction that a hypervisor could intercept and KVM does not.
#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

static int rdtsc(struct bench *b, uint64_t n)
{
	uint32_t low, high;
	uint64_t i;

	for (i = 0; i < n; i++)
		__asm__ volatile("rdtsc" : "=a"(low), "=d"(high), "+r"(i));
	b->done = i;
	return 0;
}

static const struct expectation expected[] = {
	{ 0, CPUID, BETWEEN(0, 0.001),
	  .source = "RDTSC exiting is off: vmx.c setup_vmcs_config, svm.c init_vmcb; offset in the "
		    "VMCS/VMCB" },
	{ .source = NULL },
};

WORKLOAD(rdtsc_loop) = {
	.name = "rdtsc",
	.summary = "RDTSC in a loop: never exits (control)",
	.op = "rdtsc",
	.run = rdtsc,
	.verify = workload_verify_count,
	.expect = expected,
};
