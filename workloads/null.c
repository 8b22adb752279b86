// SPDX-License-Identifier: MIT
// An empty loop: what the harness itself costs and how quiet the machine is.
#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

static int nothing(struct bench *b, uint64_t n)
{
	uint64_t i;

	for (i = 0; i < n; i++)
		__asm__ volatile("" : "+r"(i) : : "memory");
	b->done = i;
	return 0;
}

static const struct expectation expected[] = {
	{ 0, CPUID, BETWEEN(0, 0.001),
	  .source = "an empty loop; the probe's own exits are subtracted" },
	{ .source = NULL },
};

WORKLOAD(null_loop) = {
	.name = "null",
	.summary = "an empty loop: the noise floor of the harness",
	.op = "iteration",
	.run = nothing,
	.verify = workload_verify_count,
	.expect = expected,
};
