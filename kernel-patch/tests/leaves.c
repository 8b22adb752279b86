// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks, from inside a guest, every promise of ABI.md that a guest can check. Shares no code with
 * the project's other reader of the leaves, on purpose: the two agree independently.
 *
 *   leaves a|b|c   check, layout as the module parameter says; prints TAP
 *   leaves dump    print what a range of leaves answers, to compare two hosts
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define TRIES 200

uint32_t vendor;

static unsigned int tests, failures;

void report(bool ok, const char *what)
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
		       !memcmp(&r.d, "tats", 4),
	       "signature");
	report(f.a == 1 && (vendor == VMX || vendor == SVM) && f.c == SLOTS && f.d > 0,
	       "ABI 1, vendor, slots, TSC frequency");
	report((f.b >> 8 & 3) == (uint32_t)(layout - 'a'), "layout is the one that was asked for");
	report(f.b & 1 << 11 && !(f.b >> 13), "L2 exits counted, no unknown feature bits");
	report(i.b == (uint32_t)sysconf(_SC_NPROCESSORS_CONF) && !i.c && !i.d, "vCPUs created");
	report(same(cpuid(CLASS + 5, 7), i.a, i.b, i.c, i.d), "instance id stays");
	printf("# vendor %u, nested paging %u, instance %08x, %u vCPUs, TSC %u kHz\n", vendor,
	       f.b >> 10 & 1, i.a, i.b, f.d);
}

static bool has_histograms(void)
{
	return cpuid(CLASS + 1, 0).b >> 12 & 1;
}

static void check_unassigned(void)
{
	bool ok = true;
	uint32_t leaf;

	for (leaf = CLASS + (has_histograms() ? 7 : 6); leaf < CLASS + 0xfc; leaf++)
		ok &= zero(cpuid(leaf, 0)) && zero(cpuid(leaf, 0x72)) && zero(cpuid(leaf, ~0u));
	report(ok, "unassigned leaves are zero");
}

static void check_out_of_range(void)
{
	static const uint32_t far[] = { 0x10000, 0x1ffff, 0x00010000 | 10, 0x7fffffff };
	uint32_t slot, i;
	bool ok = true;

	for (slot = SLOTS; slot < TOTAL; slot += slot < 0x500 ? 1 : 61)
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

static bool bit_of(const struct regs words[2], uint32_t slot)
{
	uint32_t w[4];

	memcpy(w, &words[slot / 128], sizeof(w));
	return w[slot % 128 / 32] >> slot % 32 & 1;
}

/* The CPUID slot is read last, so it has counted the reads of all the others. */
static uint64_t sum_of_slots(uint32_t which)
{
	struct regs words[2] = { cpuid(CLASS + 4, 0), cpuid(CLASS + 4, 1) };
	uint64_t sum = 0;
	uint32_t slot;

	for (slot = 0; slot < SLOTS; slot++)
		if (bit_of(words, slot) && slot != cpuid_slot())
			sum += count(slot | which);
	return sum + count(cpuid_slot() | which);
}

/*
 * An interrupt in between may be counted after its slot was read; then the sum is smaller than the
 * total, never larger. Without an interrupt they are equal.
 */
static bool sum_is_total(uint32_t which)
{
	bool equal = false;
	uint32_t try;

	for (try = 0; try < TRIES; try++) {
		uint64_t before = count(TOTAL | which), sum = sum_of_slots(which);
		uint64_t after = count(TOTAL | which);

		if (sum < before || sum >= after)
			return false;
		equal |= sum + 1 == after;
	}
	return equal;
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
		struct regs words[2] = { cpuid(CLASS + 4, 0), cpuid(CLASS + 4, 1) };
		bool bit = bit_of(words, slot);

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

/* n CPUIDs are n exits: the smallest of several tries contains no other CPUID. */
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

/* Counters of the vCPUs add up to the VM's, if only we exit meanwhile. */
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
	if (has_histograms())
		check_histograms(cpuid_slot(), sysconf(_SC_NPROCESSORS_CONF));
	else
		printf("# histograms are off (exit_stats_hist): nothing to check\n");
	printf("1..%u\n", tests);
	return failures ? 1 : 0;
}
