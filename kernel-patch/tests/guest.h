/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the guest's tests: reading the leaves, and reporting. */
#ifndef EXIT_STATS_GUEST_H
#define EXIT_STATS_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#define CLASS 0x4fffff00u
#define TOTAL 0xffffu
#define THIS_VCPU 0x80000000u
#define SLOTS 202u

struct regs {
	uint32_t a, b, c, d;
};

enum { VMX = 1, SVM = 2 };

extern uint32_t vendor;

void report(bool ok, const char *what);
void check_course(char layout);
void check_histograms(uint32_t cpuid_slot, uint32_t vcpus);

/* Poisoned, to reveal a register that the hypervisor forgot to set. */
static inline struct regs cpuid(uint32_t leaf, uint32_t index)
{
	struct regs r = { leaf, 0xdeadbeef, index, 0xdeadbeef };

	asm volatile("cpuid" : "+a"(r.a), "+b"(r.b), "+c"(r.c), "+d"(r.d) : : "memory");
	return r;
}

static inline bool same(struct regs r, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	return r.a == a && r.b == b && r.c == c && r.d == d;
}

static inline bool zero(struct regs r)
{
	return same(r, 0, 0, 0, 0);
}

static inline uint64_t u64(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

static inline uint64_t count(uint32_t index)
{
	struct regs r = cpuid(CLASS + 2, index);

	return u64(r.a, r.b);
}

static inline uint64_t busy(uint32_t index)
{
	struct regs r = cpuid(CLASS + 2, index);

	return u64(r.c, r.d);
}

static inline uint64_t wall(uint32_t index)
{
	struct regs r = cpuid(CLASS + 3, index);

	return u64(r.a, r.b);
}

#endif /* EXIT_STATS_GUEST_H */
