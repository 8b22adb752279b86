// SPDX-License-Identifier: MIT
/* A reading: every count and its cycles, what the reading itself costs, and the order it is made
 * in. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_open.h"

/* Opened, with some exits of every reason that it distinguishes; careless where an external patch
 * may be. */
static void start(const struct fake_machine *m, struct fake_kvm *k, struct exitprobe *p)
{
	const struct exitprobe_reason *reason;
	unsigned int i, n;

	fake_machine_init(k, m);
	k->careless = !k->extension;
	reason = exitprobe_reasons(k->vendor, &n);
	for (i = 0; i < n; i++)
		if (i % 3 && fake_kvm_defined(k, reason[i].code) &&
		    fake_kvm_slot(reason[i].code) != 0xc9)
			fake_kvm_exits(k, reason[i].code, 1000 + i);
	assert_int_equal(fake_open(p, k), 0);
}

static void snapshot(const struct exitprobe *p, struct fake_kvm *k, unsigned int flags,
		     struct exitprobe_snapshot *s)
{
	const uint64_t before = k->calls;

	memset(s, 0xa5, sizeof(*s));
	assert_int_equal(exitprobe_snapshot(p, flags, s), 0);
	assert_int_equal(s->cost, k->calls - before);
	assert_int_equal(s->flags, flags);
	assert_int_equal(s->narrow, p->backend != EXITPROBE_LEAVES);
	assert_int_equal(s->cpuid_slot, exitprobe_cpuid_slot(p));
}

/* A reading includes all its own exits, and its counts are the hypervisor's at its end. */
static void test_counts(void **state)
{
	struct exitprobe_snapshot s;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;
	uint32_t slot, code;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		start(m, &k, &p);
		snapshot(&p, &k, 0, &s);
		for (slot = 0; slot < exitprobe_slots(&p); slot++) {
			code = exitprobe_slot_code(&p, slot);
			assert_int_equal(s.count[slot], fake_kvm_count(&k, code));
			if (slot != s.cpuid_slot)
				assert_int_equal(s.busy[slot],
						 p.cycles ? s.count[slot] * FAKE_BUSY : 0);
			assert_int_equal(s.wall[slot], 0);
		}
		/* The exit that reads is counted before and credited after it is answered. */
		assert_int_equal(s.busy[s.cpuid_slot],
				 !p.cycles     ? 0
				 : k.extension ? (s.count[s.cpuid_slot] - 1) * FAKE_BUSY
					       : (s.count[s.cpuid_slot] - 2) * FAKE_BUSY);
		for (; slot < EXITPROBE_SLOTS; slot++)
			assert_true(!s.count[slot] && !s.busy[slot] && !s.wall[slot]);
	}
}

static void test_cost_is_what_the_header_says(void **state)
{
	struct exitprobe_snapshot s;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;
	uint32_t slot, used, reasons;
	unsigned int n;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		start(m, &k, &p);
		snapshot(&p, &k, 0, &s);
		for (used = 0, slot = 0; slot < exitprobe_slots(&p); slot++)
			used += s.count[slot] != 0;
		exitprobe_reasons(p.vendor, &n);
		reasons = p.vendor == EXITPROBE_SVM ? n - 1 : n; /* SW has no slot */
		if (p.backend == EXITPROBE_LEAVES)
			assert_int_equal(s.cost, 2 + used);
		else
			assert_int_equal(s.cost, 1 + (p.cycles ? 2 : 1) * reasons);
	}
}

/* What makes the cost exact: nothing is executed after the count of CPUID was read. */
static void test_cpuid_comes_last(void **state)
{
	static const uint32_t leaf[] = { [EXITPROBE_LEAVES] = 0x4fffff02,
					 [EXITPROBE_COURSE_A] = 0x4ffffffd,
					 [EXITPROBE_COURSE_B] = 0x4ffffffe,
					 [EXITPROBE_COURSE_C] = 0x4ffffffe };
	struct exitprobe_snapshot s;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		start(m, &k, &p);
		snapshot(&p, &k, 0, &s);
		assert_int_equal(k.last_leaf, leaf[p.backend]);
		assert_int_equal(k.last_subleaf, fake_kvm_cpuid_code(&k));
	}
}

static void test_wall(void **state)
{
	struct exitprobe_snapshot plain, s;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;
	uint32_t slot;

	(void)state;
	for (m = fake_machines; m < fake_machines + 2; m++) {
		start(m, &k, &p);
		snapshot(&p, &k, 0, &plain);
		snapshot(&p, &k, EXITPROBE_WALL, &s);
		assert_int_equal(s.cost, 2 * plain.cost - 2);
		assert_int_equal(k.last_leaf, 0x4fffff02);
		assert_int_equal(k.last_subleaf, fake_kvm_cpuid_code(&k));
		for (slot = 0; slot < exitprobe_slots(&p); slot++)
			if (slot != s.cpuid_slot)
				assert_int_equal(s.wall[slot], s.count[slot] * FAKE_WALL);
		assert_int_equal(s.wall[s.cpuid_slot], (s.count[s.cpuid_slot] - 2) * FAKE_WALL);
	}
}

static void test_one_vcpu(void **state)
{
	struct exitprobe_snapshot all, first, third;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;
	const unsigned int vcpu = EXITPROBE_THIS_VCPU;

	(void)state;
	for (m = fake_machines; m < fake_machines + 2; m++) {
		start(m, &k, &p);
		k.vcpus = 4;
		k.vcpu = 2;
		fake_kvm_exits(&k, 1, 77);
		fake_kvm_exits(&k, 0x400, 5);
		snapshot(&p, &k, vcpu, &third);
		k.vcpu = 0;
		snapshot(&p, &k, vcpu, &first);
		snapshot(&p, &k, 0, &all);
		assert_int_equal(third.count[1], 77);
		assert_int_equal(third.count[0xc0], 5);
		assert_int_equal(third.count[third.cpuid_slot], third.cost);
		assert_int_equal(all.count[1], first.count[1] + 77);
		assert_int_equal(all.count[all.cpuid_slot],
				 first.count[first.cpuid_slot] + third.cost + all.cost);
		snapshot(&p, &k, vcpu | EXITPROBE_WALL, &first);
		assert_int_equal(first.wall[1], first.count[1] * FAKE_WALL);
	}
}

static void test_flags_that_are_not_there(void **state)
{
	struct exitprobe_snapshot s;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;
	uint64_t before;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		start(m, &k, &p);
		before = k.calls;
		assert_int_equal(exitprobe_snapshot(&p, 4, &s), -ENOTSUP);
		if (p.backend != EXITPROBE_LEAVES) {
			assert_int_equal(exitprobe_snapshot(&p, EXITPROBE_WALL, &s), -ENOTSUP);
			assert_int_equal(exitprobe_snapshot(&p, EXITPROBE_THIS_VCPU, &s), -ENOTSUP);
		}
		assert_int_equal(k.calls, before);
		assert_true(!s.cost && !s.count[s.cpuid_slot]);
	}
}

/* The other vCPUs do not stop for a reading. Each slot then has a moment of its own, and no count
 * is invented. */
static void background(struct fake_kvm *k)
{
	const unsigned int self = k->vcpu;

	k->vcpu = 1;
	fake_kvm_exits(k, 1, 1);
	fake_kvm_exits(k, 0x30, fake_kvm_random(k) % 3);
	k->vcpu = self;
}

static void test_counts_while_others_run(void **state)
{
	struct exitprobe_snapshot s;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;
	uint64_t before[EXITPROBE_SLOTS];
	uint32_t slot;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		start(m, &k, &p);
		k.vcpus = 2;
		k.background = background;
		for (slot = 0; slot < exitprobe_slots(&p); slot++)
			before[slot] = fake_kvm_count(&k, exitprobe_slot_code(&p, slot));
		snapshot(&p, &k, 0, &s);
		for (slot = 0; slot < exitprobe_slots(&p); slot++)
			assert_in_range(s.count[slot], before[slot],
					fake_kvm_count(&k, exitprobe_slot_code(&p, slot)));
		assert_int_equal(s.count[s.cpuid_slot], before[s.cpuid_slot] + s.cost);
	}
}

static void test_histogram(void **state)
{
	struct exitprobe p;
	struct fake_kvm k;
	uint32_t buckets[64], slot, i;
	uint64_t before;

	(void)state;
	fake_kvm_init(&k, EXITPROBE_VMX);
	fake_kvm_exits(&k, 48, 1000);
	fake_kvm_exits(&k, 1, 30);
	assert_int_equal(fake_open(&p, &k), 0);
	assert_int_equal(exitprobe_histogram(&p, 48, buckets), -ENOTSUP);
	k.histograms = true;
	assert_int_equal(fake_open(&p, &k), 0);
	before = k.calls;
	assert_int_equal(exitprobe_histogram(&p, FAKE_SLOTS, buckets), -EINVAL);
	assert_int_equal(exitprobe_histogram(&p, 48, buckets), 64);
	assert_int_equal(k.calls - before, 16);
	for (slot = 0; slot < FAKE_SLOTS; slot++) {
		const uint32_t n = slot == 48 ? 1000 : slot == 1 ? 30 : 0;

		if (slot == exitprobe_cpuid_slot(&p))
			continue;
		assert_int_equal(exitprobe_histogram(&p, slot, buckets), 64);
		for (i = 0; i < 64; i++)
			assert_int_equal(buckets[i], (n && i == FAKE_ODD_BUCKET(slot)) +
							     (n && i == FAKE_BUCKET ? n - 1 : 0));
	}
}

static void test_count_of_one_slot(void **state)
{
	struct exitprobe p;
	struct fake_kvm k;
	uint64_t n, before;

	(void)state;
	fake_kvm_init(&k, EXITPROBE_VMX);
	fake_kvm_exits(&k, 48, 5000000000);
	assert_int_equal(fake_open(&p, &k), 0);
	before = k.calls;
	assert_int_equal(exitprobe_count(&p, 48, &n), 0);
	assert_int_equal(n, 5000000000);
	assert_int_equal(k.calls - before, 1);
	assert_int_equal(exitprobe_count(&p, FAKE_SLOTS, &n), -EINVAL);
	k.extension = false;
	assert_int_equal(fake_open(&p, &k), 0);
	assert_int_equal(exitprobe_count(&p, 48, &n), -ENOTSUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_cost_is_what_the_header_says),
		cmocka_unit_test(test_cpuid_comes_last),
		cmocka_unit_test(test_wall),
		cmocka_unit_test(test_one_vcpu),
		cmocka_unit_test(test_flags_that_are_not_there),
		cmocka_unit_test(test_counts_while_others_run),
		cmocka_unit_test(test_histogram),
		cmocka_unit_test(test_count_of_one_slot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
