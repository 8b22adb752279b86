// SPDX-License-Identifier: MIT
// All the leaves that cpuid(1) reads, in turn: one exit each, whatever the leaf and wherever KVM
// finds its answer.
#include <cpuid.h>
#include <stdlib.h>

#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

#define RANGES 3
#define LEAVES_MAX 64 /* per range: a bogus maximum must not make a sweep endless */

struct sweep {
	uint32_t leaves, leaf[RANGES * LEAVES_MAX];
};

static int setup(struct bench *b)
{
	static const uint32_t first[RANGES] = { 0, 0x40000000, 0x80000000 };
	struct sweep *s = calloc(1, sizeof(*s));
	uint32_t range, i, last, ebx, ecx, edx;

	if (!s)
		return -ENOMEM;
	b->state = s;
	for (range = 0; range < RANGES; range++) {
		__cpuid(first[range], last, ebx, ecx, edx);
		for (i = 0; i < LEAVES_MAX && first[range] + i <= last; i++)
			s->leaf[s->leaves++] = first[range] + i;
	}
	return 0;
}

static int sweep(struct bench *b, uint64_t n)
{
	const struct sweep *s = b->state;
	uint32_t eax, ebx, ecx, edx, i = 0;

	for (; b->done < n; b->done++) {
		eax = s->leaf[i];
		ecx = 0;
		__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
		i = i + 1 < s->leaves ? i + 1 : 0;
	}
	return 0;
}

static void teardown(struct bench *b)
{
	free(b->state);
}

static const struct expectation expected[] = {
	{ 0, CPUID, EXACTLY(1),
	  .source = "CPUID exits unconditionally; cpuid.c kvm_emulate_cpuid answers every leaf in "
		    "the kernel. Measured 1.000, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(cpuid_sweep) = {
	.name = "cpuid.sweep",
	.summary = "CPUID of all basic, hypervisor and extended leaves in turn",
	.op = "leaf",
	.control = "cpuid.leaf0",
	.setup = setup,
	.run = sweep,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
