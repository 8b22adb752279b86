// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks, from inside a guest, every promise of ABI.md that a guest can check.
 * Knows nothing of the project's other reader of the leaves, on purpose: two
 * programs that agree were written twice.
 *
 *   leaves a|b|c   check, layout as the module parameter says; prints TAP
 *   leaves dump    print what a range of leaves answers, to compare two hosts
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLASS		0x4fffff00u
#define TOTAL		0xffffu
#define THIS_VCPU	0x80000000u
#define SLOTS		202u
#define TRIES		50

struct regs {
	uint32_t a, b, c, d;
};

enum { VMX = 1, SVM = 2 };

static unsigned int tests, failures;
static uint32_t vendor;

/* Poisoned, so that a register which the hypervisor forgot to set shows. */
static struct regs cpuid(uint32_t leaf, uint32_t index)
{
	struct regs r = { leaf, 0xdeadbeef, index, 0xdeadbeef };

	asm volatile("cpuid" : "+a"(r.a), "+b"(r.b), "+c"(r.c), "+d"(r.d) : : "memory");
	return r;
}

static bool same(struct regs r, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	return r.a == a && r.b == b && r.c == c && r.d == d;
}

static bool zero(struct regs r)
{
	return same(r, 0, 0, 0, 0);
}

static uint64_t u64(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

static uint64_t count(uint32_t index)
{
	struct regs r = cpuid(CLASS + 2, index);

	return u64(r.a, r.b);
}

static uint64_t busy(uint32_t index)
{
	struct regs r = cpuid(CLASS + 2, index);

	return u64(r.c, r.d);
}

static uint64_t wall(uint32_t index)
{
	struct regs r = cpuid(CLASS + 3, index);

	return u64(r.a, r.b);
}

static void report(bool ok, const char *what)
{
	printf("%s %u - %s\n", ok ? "ok" : "not ok", ++tests, what);
	failures += !ok;
}

static uint32_t cpuid_slot(void)
{
	return vendor == VMX ? 10 : 0x72;
}

static void check_identity(char layout)
{
	struct regs r = cpuid(CLASS, 0), f = cpuid(CLASS + 1, 0);
	struct regs i = cpuid(CLASS + 5, 0);

	vendor = f.b & 0xff;
	report(r.a == CLASS + 0xff && !memcmp(&r.b, "KVME", 4) && !memcmp(&r.c, "xitS", 4) &&
	       !memcmp(&r.d, "tats", 4), "signature");
	report(f.a == 1 && (vendor == VMX || vendor == SVM) && f.c == SLOTS && f.d > 0,
	       "ABI 1, vendor, slots, TSC frequency");
	report((f.b >> 8 & 3) == (uint32_t)(layout - 'a'), "layout is the one that was asked for");
	report(f.b & 1 << 11 && !(f.b >> 13), "L2 exits counted, no unknown feature bits");
	report(i.b == (uint32_t)sysconf(_SC_NPROCESSORS_CONF) && !i.c && !i.d, "vCPUs created");
	report(same(cpuid(CLASS + 5, 7), i.a, i.b, i.c, i.d), "instance id stays");
	printf("# vendor %u, nested paging %u, instance %08x, %u vCPUs, TSC %u kHz\n", vendor,
	       f.b >> 10 & 1, i.a, i.b, f.d);
}

static void check_unassigned(void)
{
	bool ok = true;
	uint32_t leaf;

	for (leaf = CLASS + 6; leaf < CLASS + 0xfc; leaf++)
		ok &= zero(cpuid(leaf, 0)) && zero(cpuid(leaf, 0x72)) && zero(cpuid(leaf, ~0u));
	report(ok, "unassigned leaves are zero");
}

static void check_out_of_range(void)
{
	static const uint32_t far[] = { 0x10000, 0x1ffff, 0x00010000 | 10, 0x7fffffff };
	uint32_t slot, i;
	bool ok = true;

	for (slot = SLOTS; slot < TOTAL; slot++)
		ok &= zero(cpuid(CLASS + 2, slot)) && zero(cpuid(CLASS + 3, slot | THIS_VCPU));
	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		ok &= zero(cpuid(CLASS + 2, far[i])) && zero(cpuid(CLASS + 3, far[i])) &&
		      zero(cpuid(CLASS + 2, far[i] | THIS_VCPU));
	for (i = 2; i < 0x200; i++)
		ok &= zero(cpuid(CLASS + 4, i)) && zero(cpuid(CLASS + 4, i << 8));
	report(ok, "slots and bitmap words out of range are zero");
}

static void pin(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		report(false, "run on each vCPU");
}

/*
 * The CPUID slot is read last, so it has counted all the reads before it. An
 * interrupt on the way makes both sides differ: then the next try decides.
 */
static bool sum_is_total(uint32_t which)
{
	uint32_t slot, try;

	for (try = 0; try < TRIES; try++) {
		uint64_t sum = 0, total;

		for (slot = 0; slot < SLOTS; slot++)
			sum += slot == cpuid_slot() ? 0 : count(slot | which);
		sum += count(cpuid_slot() | which);
		total = count(TOTAL | which);
		if (sum + 1 == total)
			return true;
	}
	return false;
}

static void check_sum(void)
{
	pin(0);
	report(sum_is_total(0), "sum over slots is the total, exactly");
	report(sum_is_total(THIS_VCPU), "sum over slots is the total of this vCPU");
}

static void check_bitmap(void)
{
	bool ok = true;
	uint32_t slot;

	for (slot = 0; slot < SLOTS; slot++) {
		bool before = count(slot);
		struct regs r = cpuid(CLASS + 4, slot / 128);
		uint32_t words[] = { r.a, r.b, r.c, r.d };
		bool bit = words[slot % 128 / 32] >> slot % 32 & 1;

		ok &= before <= bit && bit <= (count(slot) != 0);
	}
	report(ok, "bitmap says which slots have counted");
}

static void check_times(void)
{
	uint32_t slot;
	bool ok = true;

	for (slot = 0; slot < SLOTS; slot++) {
		uint64_t b = busy(slot), w = wall(slot), n = count(slot);

		ok &= b <= w && (n || (!b && !w)) && w < UINT64_MAX / 2;
		if (n)
			printf("# slot %3u: %8llu exits, busy %12llu, wall %12llu cycles\n", slot,
			       (unsigned long long)n, (unsigned long long)b, (unsigned long long)w);
	}
	report(ok, "busy <= wall, and no time without exits");
}

/* n CPUIDs are n exits: the smallest of some tries has no other CPUID in it. */
static void check_own_cost(void)
{
	uint64_t least = UINT64_MAX;
	uint32_t i, try;

	for (try = 0; try < TRIES; try++) {
		uint64_t before = count(cpuid_slot()), moved;

		for (i = 0; i < 100; i++)
			cpuid(0, 0);
		moved = count(cpuid_slot()) - before;
		least = moved < least ? moved : least;
	}
	report(least == 101, "100 CPUIDs and the read itself are 101 CPUID exits");
}

/* Counters of the vCPUs add up to the VM's, if nothing exits meanwhile but us. */
static void check_vcpus(void)
{
	unsigned int cpu, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t least = UINT64_MAX;
	uint32_t try;
	bool own = true;

	for (try = 0; try < TRIES; try++) {
		uint64_t sum = 0, total;

		for (cpu = cpus; cpu-- > 0;) {
			uint64_t one;

			pin(cpu);
			one = count(cpuid_slot() | THIS_VCPU);
			own &= count(cpuid_slot() | THIS_VCPU) > one;
			sum += one + 1;
		}
		total = count(cpuid_slot());
		least = total - sum < least ? total - sum : least;
	}
	report(own, "a vCPU's own counter moves with its own exits");
	report(least == 1, "counters of the vCPUs add up to the VM's");
}

static bool defined(uint32_t reason)
{
	if (vendor == VMX)
		return reason <= 77 && reason != 35 && reason != 38 && reason != 42 &&
		       reason != 71;
	return reason <= 0xa3 || (reason >= 0x400 && reason <= 0x403) ||
	       reason == 0xf0000000 || reason == 0xffffffff;
}

/* What may have been counted though KVM has no handler: failed VM-Entries. */
static bool handled(uint32_t reason)
{
	if (vendor == VMX)
		return reason != 33 && reason != 34;
	return reason != 0xffffffff;
}

static uint32_t slot_of(uint32_t reason)
{
	if (reason < 0xc0)
		return reason;
	if (reason >= 0x400 && reason < 0x408)
		return reason - 0x400 + 0xc0;
	return reason == 0xffffffff ? 200 : 201;
}

/* Leaves of the course, by what they show; 0: this layout has none. */
struct course {
	uint32_t total, total_cycles, reason, reason_cycles;
};

static struct course course_of(char layout)
{
	switch (layout) {
	case 'a':
		return (struct course){ 0x4fffffff, 0x4ffffffe, 0x4ffffffd, 0x4ffffffc };
	case 'b':
		return (struct course){ 0x4ffffffc, 0x4ffffffd, 0x4ffffffe, 0x4fffffff };
	default:
		return (struct course){ 0x4fffffff, 0x4fffffff, 0x4ffffffe, 0 };
	}
}

static bool between(uint64_t low, uint64_t value, uint64_t high)
{
	return low <= value && value <= high;
}

static bool course_reason_right(const struct course *leaf, uint32_t reason)
{
	uint64_t n0 = count(slot_of(reason)), b0 = busy(slot_of(reason));
	struct regs n = cpuid(leaf->reason, reason);
	struct regs c = leaf->reason_cycles ? cpuid(leaf->reason_cycles, reason) : (struct regs){};
	uint64_t n1 = count(slot_of(reason)), b1 = busy(slot_of(reason));

	if (!defined(reason))
		return same(n, 0, 0, 0, ~0u) &&
		       (!leaf->reason_cycles || same(c, 0, 0, 0, ~0u));
	if (n.c || n.d || c.a || c.d)
		return false;
	if (zero(n) && zero(c))
		return !n0 || !handled(reason);
	return between(n0, u64(n.a, n.b), n1) &&
	       (!leaf->reason_cycles || between(b0, u64(c.c, c.b), b1));
}

static void check_course_reasons(const struct course *leaf)
{
	static const uint32_t far[] = { 0x7fffffff, 0x80000000, 0x8000000a, 0x80000072,
					0xf0000000, 0xfffffffe, 0xffffffff, 0x10000, 0xffff };
	uint32_t reason, i, seen = 0;
	bool ok = true;

	for (reason = 0; reason <= 0x500; reason++) {
		ok &= course_reason_right(leaf, reason);
		seen += cpuid(leaf->reason, reason).a != 0;
	}
	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		ok &= course_reason_right(leaf, far[i]);
	report(ok, "course: every reason from 0 to 0x500, and far ones");
	report(seen >= 3, "course: some reasons have counted");
}

static void check_course(char layout)
{
	struct course leaf = course_of(layout);
	uint64_t n0 = count(TOTAL), b0 = busy(TOTAL);
	struct regs n = cpuid(leaf.total, 0x12345), c = cpuid(leaf.total_cycles, 0x12345);
	uint64_t n1 = count(TOTAL), b1 = busy(TOTAL);

	if (layout == 'c') {
		report(between(n0 & ~0u, n.a, n1 & ~0u) && between(b0, u64(n.c, n.b), b1) && !n.d,
		       "course: totals, both in one leaf");
		report(zero(cpuid(0x4ffffffd, 10)) && zero(cpuid(0x4ffffffc, 10)),
		       "course: the two leaves that layout C has not");
	} else {
		report(between(n0, u64(n.a, n.b), n1) && !n.c && !n.d, "course: total exits");
		report(between(b0, u64(c.c, c.b), b1) && !c.a && !c.d, "course: total cycles");
	}
	check_course_reasons(&leaf);
}

static void dump(void)
{
	static const uint32_t index[] = { 0, 1, 10, 0x72, 0x400, TOTAL, 0x80000000, 0xffffffff };
	uint32_t leaf, i;

	for (leaf = CLASS - 2; leaf != CLASS + 0x102; leaf++)
		for (i = 0; i < sizeof(index) / sizeof(index[0]); i++) {
			struct regs r = cpuid(leaf, index[i]);

			printf("%08x %08x: %08x %08x %08x %08x\n", leaf, index[i], r.a, r.b, r.c,
			       r.d);
		}
}

int main(int argc, char **argv)
{
	char layout = argc == 2 ? argv[1][0] : 0;

	if (argc == 2 && !strcmp(argv[1], "dump")) {
		dump();
		return 0;
	}
	if (argc != 2 || strlen(argv[1]) != 1 || layout < 'a' || layout > 'c') {
		fprintf(stderr, "usage: leaves a|b|c|dump: the layout of the course's leaves\n");
		return 2;
	}
	check_identity(layout);
	if (failures) {
		printf("Bail out! these leaves are not the exit counters\n");
		return 1;
	}
	check_unassigned();
	check_out_of_range();
	check_sum();
	check_bitmap();
	check_times();
	check_own_cost();
	check_vcpus();
	check_course(layout);
	printf("1..%u\n", tests);
	return failures ? 1 : 0;
}
