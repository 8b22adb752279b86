// SPDX-License-Identifier: MIT
#include <stddef.h>
#include <string.h>

#include "fake_kvm.h"

enum { A, B, C, D }; /* EAX, EBX, ECX, EDX */

uint32_t fake_kvm_random(struct fake_kvm *k)
{
	k->random ^= k->random << 13;
	k->random ^= k->random >> 17;
	k->random ^= k->random << 5;
	return k->random;
}

uint32_t fake_kvm_slot(uint32_t code)
{
	if (code < 0xc0)
		return code;
	if (code >= 0x400 && code <= 0x407)
		return 0xc0 + code - 0x400;
	return code == 0xffffffff ? 0xc8 : 0xc9;
}

uint32_t fake_kvm_cpuid_code(const struct fake_kvm *k)
{
	return k->vendor == EXITPROBE_VMX ? 10 : 0x72;
}

void fake_kvm_exits(struct fake_kvm *k, uint32_t code, uint64_t n)
{
	struct fake_vcpu *v = &k->stat[k->vcpu];
	const uint32_t slot = fake_kvm_slot(code);

	v->count[slot] += n;
	v->busy[slot] += n * FAKE_BUSY;
	v->wall[slot] += n * FAKE_WALL;
}

static uint64_t slot_sum(const struct fake_kvm *k, uint32_t slot, size_t member)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < k->vcpus; i++)
		sum += *(const uint64_t *)((const char *)&k->stat[i] + member + slot * sizeof(sum));
	return sum;
}

#define SUM(k, slot, what) slot_sum(k, slot, offsetof(struct fake_vcpu, what))

static uint64_t total_of(const struct fake_kvm *k, size_t member)
{
	uint64_t sum = 0;
	uint32_t slot;

	for (slot = 0; slot < FAKE_SLOTS; slot++)
		sum += slot_sum(k, slot, member);
	return sum;
}

uint64_t fake_kvm_count(const struct fake_kvm *k, uint32_t code)
{
	return SUM(k, fake_kvm_slot(code), count);
}

uint64_t fake_kvm_total(const struct fake_kvm *k)
{
	return total_of(k, offsetof(struct fake_vcpu, count));
}

/* One counter that an extension leaf's ECX may select: a slot or all slots, of this vCPU or of all
 * vCPUs. */
static uint64_t selected(const struct fake_kvm *k, uint32_t subleaf, size_t member)
{
	const uint32_t slot = subleaf & 0x7fffffff;
	struct fake_kvm one;

	if (subleaf >> 31) {
		one = *k;
		one.vcpus = 1;
		one.stat[0] = k->stat[k->vcpu];
		return selected(&one, slot, member);
	}
	if (slot == 0xffff)
		return total_of(k, member);
	return slot < FAKE_SLOTS ? slot_sum(k, slot, member) : 0;
}

static void put64(uint32_t *low, uint32_t *high, uint64_t value)
{
	*low = (uint32_t)value;
	*high = (uint32_t)(value >> 32);
}

static void features(const struct fake_kvm *k, uint32_t regs[4])
{
	const uint32_t layout = k->course == EXITPROBE_COURSE_B   ? 1
				: k->course == EXITPROBE_COURSE_C ? 2
								  : 0;

	regs[A] = k->abi;
	regs[B] = (uint32_t)k->vendor | layout << 8 | (uint32_t)k->nested << 10 |
		  (uint32_t)k->counts_l2 << 11 | (uint32_t)k->histograms << 12;
	regs[C] = k->slots;
	regs[D] = 2400000;
}

static void bitmap(const struct fake_kvm *k, uint32_t group, uint32_t regs[4])
{
	uint32_t i, slot;

	for (i = 0; i < 128; i++) {
		slot = group * 128 + i;
		if (group < 2 && slot < FAKE_SLOTS && SUM(k, slot, count))
			regs[i / 32] |= 1u << i % 32;
	}
}

/* All exits take the same time except one, whose bucket distinguishes the slots. */
static void histogram(const struct fake_kvm *k, uint32_t subleaf, uint32_t regs[4])
{
	const uint32_t slot = subleaf & 0xffff, group = subleaf >> 16 & 0xff;
	const uint32_t all = slot < FAKE_SLOTS ? (uint32_t)(SUM(k, slot, busy) / FAKE_BUSY) : 0;
	const uint32_t timed = all > k->in_flight ? all - k->in_flight : 0;
	const uint32_t odd = FAKE_ODD_BUCKET(slot);

	if (timed && odd / 4 == group)
		regs[odd % 4] = 1;
	if (timed && FAKE_BUCKET / 4 == group)
		regs[FAKE_BUCKET % 4] += timed - 1;
}

static void extension_leaf(const struct fake_kvm *k, uint32_t leaf, uint32_t subleaf,
			   uint32_t regs[4])
{
	memset(regs, 0, 4 * sizeof(regs[0]));
	switch (leaf) {
	case 0x4fffff00:
		regs[A] = k->highest;
		memcpy(&regs[B], "KVMExitStats", 12);
		break;
	case 0x4fffff01:
		features(k, regs);
		break;
	case 0x4fffff02:
		put64(&regs[A], &regs[B], selected(k, subleaf, offsetof(struct fake_vcpu, count)));
		put64(&regs[C], &regs[D], selected(k, subleaf, offsetof(struct fake_vcpu, busy)));
		break;
	case 0x4fffff03:
		put64(&regs[A], &regs[B], selected(k, subleaf, offsetof(struct fake_vcpu, wall)));
		break;
	case 0x4fffff04:
		bitmap(k, subleaf, regs);
		break;
	case 0x4fffff05:
		regs[A] = k->instance;
		regs[B] = k->vcpus;
		break;
	case 0x4fffff06:
		if (k->histograms)
			histogram(k, subleaf, regs);
		break;
	}
}

bool fake_kvm_defined(const struct fake_kvm *k, uint32_t code)
{
	if (k->vendor == EXITPROBE_VMX)
		return code <= 77 && code != 35 && code != 38 && code != 42 && code != 71;
	return code <= 0xa3 || (code >= 0x400 && code <= 0x403) || code == 0xffffffff ||
	       code == 0xf0000000;
}

enum course_meaning { TOTAL, TOTAL_CYCLES, COUNT, CYCLES, TOTAL_BOTH, NOTHING };

static enum course_meaning meaning(const struct fake_kvm *k, uint32_t leaf)
{
	static const enum course_meaning a[4] = { CYCLES, COUNT, TOTAL_CYCLES, TOTAL };
	static const enum course_meaning b[4] = { TOTAL, TOTAL_CYCLES, COUNT, CYCLES };
	static const enum course_meaning c[4] = { NOTHING, NOTHING, COUNT, TOTAL_BOTH };

	if (leaf < 0x4ffffffc || leaf > 0x4fffffff)
		return NOTHING;
	switch (k->course) {
	case EXITPROBE_COURSE_A:
		return a[leaf - 0x4ffffffc];
	case EXITPROBE_COURSE_B:
		return b[leaf - 0x4ffffffc];
	case EXITPROBE_COURSE_C:
		return c[leaf - 0x4ffffffc];
	default:
		return NOTHING;
	}
}

/* The project's patch zeroes all registers first; careless ones leave part of a pointer. */
static void course_start(struct fake_kvm *k, uint32_t regs[4])
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		regs[i] = k->careless ? 0x88800000u | fake_kvm_random(k) : 0;
}

static void course_leaf(struct fake_kvm *k, enum course_meaning what, uint32_t code,
			uint32_t regs[4])
{
	const uint32_t slot = fake_kvm_slot(code);
	uint32_t high = 0;

	course_start(k, regs);
	if ((what == COUNT || what == CYCLES) && !fake_kvm_defined(k, code)) {
		memset(regs, 0, 4 * sizeof(regs[0]));
		regs[D] = k->forgets_undefined ? 0 : 0xffffffff;
		return;
	}
	switch (what) {
	case TOTAL:
		put64(&regs[A], &high, fake_kvm_total(k));
		break;
	case COUNT:
		put64(&regs[A], &high, SUM(k, slot, count));
		break;
	case TOTAL_CYCLES:
		put64(&regs[C], &regs[B], total_of(k, offsetof(struct fake_vcpu, busy)));
		return;
	case CYCLES:
		put64(&regs[C], &regs[B], SUM(k, slot, busy));
		return;
	default:
		put64(&regs[A], &high, fake_kvm_total(k));
		put64(&regs[C], &regs[B], total_of(k, offsetof(struct fake_vcpu, busy)));
		return;
	}
	if (!k->careless)
		regs[B] = high;
}

static void answer(struct fake_kvm *k, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	if (meaning(k, leaf) != NOTHING)
		course_leaf(k, meaning(k, leaf), subleaf, regs);
	else if (k->extension && leaf >> 8 == 0x4fffff)
		extension_leaf(k, leaf, subleaf, regs);
	else
		fake_host_cpuid(k, leaf, subleaf, regs);
}

static void fake_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	struct fake_kvm *k = context;
	struct fake_vcpu *v = &k->stat[k->vcpu];
	const uint32_t slot = fake_kvm_slot(fake_kvm_cpuid_code(k));

	k->calls++;
	k->last_leaf = leaf;
	k->last_subleaf = subleaf;
	v->count[slot]++;
	if (k->background)
		k->background(k);
	answer(k, leaf, subleaf, regs);
	v->busy[slot] += FAKE_BUSY;
	v->wall[slot] += FAKE_WALL;
}

void fake_kvm_init(struct fake_kvm *k, enum exitprobe_vendor vendor)
{
	memset(k, 0, sizeof(*k));
	k->source.cpuid = fake_cpuid;
	k->source.context = k;
	k->host = FAKE_KVM;
	k->vendor = vendor;
	k->amd_name = vendor == EXITPROBE_SVM;
	k->extension = true;
	k->course = EXITPROBE_COURSE_A;
	k->nested = true;
	k->counts_l2 = true;
	k->abi = 1;
	k->slots = FAKE_SLOTS;
	k->highest = 0x4fffffff;
	k->basic = 0x1f;
	k->vcpus = 1;
	k->instance = 0x12345678;
	k->random = 2463534242u;
}
