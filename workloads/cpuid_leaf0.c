// SPDX-License-Identifier: MIT
// CPUID always exits, on every vendor and in every paging mode: the unit of comparison for
// everything else.
#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

static int cpuid(struct bench *b, uint64_t n)
{
	uint32_t eax, ebx, ecx, edx;
	uint64_t i;

	for (i = 0; i < n; i++) {
		eax = ecx = 0;
		__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx), "+r"(i));
	}
	b->done = i;
	return 0;
}

static const struct expectation expected[] = {
	{ 0, CPUID, EXACTLY(1),
	  .source = "SDM 3C 26.1.2: CPUID exits unconditionally; svm.c init_vmcb sets "
		    "INTERCEPT_CPUID" },
	{ .source = NULL },
};

WORKLOAD(cpuid_leaf0) = {
	.name = "cpuid.leaf0",
	.summary = "CPUID leaf 0 in a loop",
	.op = "cpuid",
	.run = cpuid,
	.verify = workload_verify_count,
	.expect = expected,
};
