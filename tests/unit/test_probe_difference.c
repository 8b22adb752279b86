// SPDX-License-Identifier: MIT
/* Between two readings: exactly what happened, free of the reading's own exits, or an error. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_open.h"

static void start(struct fake_kvm *k, struct exitprobe *p, const struct fake_machine *m)
{
	fake_machine_init(k, m);
	assert_int_equal(fake_open(p, k), 0);
}

static void assert_only(const struct exitprobe_snapshot *d, uint32_t slot, uint64_t count)
{
	uint32_t i;

	for (i = 0; i < EXITPROBE_SLOTS; i++)
		assert_int_equal(d->count[i], i == slot ? count : 0);
	assert_int_equal(d->cost, 0);
}

static void test_adjacent_readings_differ_by_nothing(void **state)
{
	struct exitprobe_snapshot a, b, d;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		start(&k, &p, m);
		fake_kvm_exits(&k, 1, 12345);
		for (unsigned int i = 0; i < 32; i++) {
			assert_int_equal(exitprobe_snapshot(&p, 0, &a), 0);
			assert_int_equal(exitprobe_snapshot(&p, 0, &b), 0);
			assert_int_equal(exitprobe_difference(&a, &b, &d), 0);
			assert_only(&d, 0, 0);
		}
	}
}

/* A reason at its first exit is one slot more to read: the cost of the later reading, not the
 * earlier. */
static void test_every_reason_alone(void **state)
{
	struct exitprobe_snapshot a, b;
	const struct exitprobe_reason *reason;
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;
	unsigned int i, n;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		start(&k, &p, m);
		reason = exitprobe_reasons(m->vendor, &n);
		for (i = 0; i < n; i++) {
			if (exitprobe_code_slot(&p, reason[i].code) < 0 ||
			    (!k.extension && !fake_kvm_defined(&k, reason[i].code)))
				continue;
			assert_int_equal(exitprobe_snapshot(&p, 0, &a), 0);
			fake_kvm_exits(&k, reason[i].code, 1000 + i);
			assert_int_equal(exitprobe_snapshot(&p, 0, &b), 0);
			assert_int_equal(exitprobe_difference(&a, &b, &a), 0);
			assert_only(&a, fake_kvm_slot(reason[i].code), 1000 + i);
			if (p.cycles && reason[i].code != fake_kvm_cpuid_code(&k))
				assert_int_equal(a.busy[fake_kvm_slot(reason[i].code)],
						 (1000ull + i) * FAKE_BUSY);
		}
	}
}

static void test_reasons_without_a_slot(void **state)
{
	static const uint32_t codes[] = { 0xc0, 0x3ff, 0x408, 0xf0000000, 0xfffffffe, 0x80000021 };
	struct exitprobe_snapshot a, b;
	struct exitprobe p;
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2 * sizeof(codes) / sizeof(codes[0]); i++) {
		start(&k, &p, &fake_machines[i % 2]);
		assert_int_equal(exitprobe_snapshot(&p, 0, &a), 0);
		fake_kvm_exits(&k, codes[i / 2], 7);
		assert_int_equal(exitprobe_snapshot(&p, 0, &b), 0);
		assert_int_equal(exitprobe_difference(&a, &b, &b), 0);
		assert_only(&b, (uint32_t)exitprobe_code_slot(&p, EXITPROBE_CODE_OTHER), 7);
	}
}

static void test_wrap(void **state)
{
	struct exitprobe_snapshot a, b;
	struct exitprobe p;
	struct fake_kvm k;
	unsigned int i;
	uint32_t cpuid;

	(void)state;
	for (i = 0; i < 150 * 8; i++) {
		start(&k, &p, &fake_machines[i % 8]);
		cpuid = fake_kvm_cpuid_code(&k);
		/* The readings' own exits wrap at 2^32 sooner or later. */
		fake_kvm_exits(&k, cpuid, 0x100000000 - fake_kvm_count(&k, cpuid) - i / 4);
		fake_kvm_exits(&k, 1, 0x100000000 - i / 8);
		fake_kvm_exits(&k, 12, 0x100000000);
		assert_int_equal(exitprobe_snapshot(&p, 0, &a), 0);
		fake_kvm_exits(&k, 1, i + 5);
		fake_kvm_exits(&k, 12, 0xffffffff);
		assert_int_equal(exitprobe_snapshot(&p, 0, &b), 0);
		assert_int_equal(exitprobe_difference(&a, &b, &b), 0);
		assert_int_equal(b.count[1], i + 5);
		assert_int_equal(b.count[12], 0xffffffff);
		assert_int_equal(b.count[cpuid], 0);
	}
}

static void assert_refused(const struct exitprobe_snapshot *a, const struct exitprobe_snapshot *b,
			   int err)
{
	struct exitprobe_snapshot d, zero, poison;

	memset(&zero, 0, sizeof(zero));
	memset(&poison, 0xa5, sizeof(poison));
	d = poison;
	assert_int_equal(exitprobe_difference(a, b, &d), err);
	assert_memory_equal(&d, err == -ERANGE ? &zero : &poison, sizeof(d));
}

static void test_refusals(void **state)
{
	struct exitprobe_snapshot a, b, c;
	struct exitprobe p;
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		start(&k, &p, &fake_machines[i]);
		fake_kvm_exits(&k, 1, 100);
		assert_int_equal(exitprobe_snapshot(&p, 0, &a), 0);
		assert_int_equal(exitprobe_snapshot(&p, 0, &b), 0);
		assert_refused(&b, &a, -ERANGE);
		assert_int_equal(exitprobe_snapshot(&p, EXITPROBE_WALL, &c), 0);
		assert_refused(&a, &c, -EINVAL);
		c = b;
		c.narrow = true;
		assert_refused(&a, &c, -EINVAL);
		c = b;
		c.cpuid_slot ^= 10 ^ 0x72;
		assert_refused(&a, &c, -EINVAL);
		c = b;
		c.count[1]--;
		assert_refused(&a, &c, -ERANGE);
		c = b;
		c.busy[1]--;
		assert_refused(&a, &c, -ERANGE);
		c = b;
		c.count[b.cpuid_slot]--; /* one less than the reading itself made */
		assert_refused(&a, &c, -ERANGE);
		assert_int_equal(exitprobe_difference(&a, &b, &a), 0);
	}
}

/* Moved to a host without the patch between two readings: an error, not a difference. */
static void test_counters_that_vanish(void **state)
{
	struct exitprobe_snapshot a, b, zero;
	struct exitprobe p;
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	memset(&zero, 0, sizeof(zero));
	for (i = 0; i < 8 * 0x30; i++) {
		start(&k, &p, &fake_machines[i % 8]);
		assert_int_equal(exitprobe_snapshot(&p, 0, &a), 0);
		k.extension = false;
		k.course = EXITPROBE_NONE;
		k.basic = 2 + i / 8;
		assert_int_equal(exitprobe_snapshot(&p, 0, &b), -EIO);
		assert_memory_equal(&b, &zero, sizeof(b));
	}
}

/* The same in the middle of a reading. */
static uint64_t last_call;

static void move_away(struct fake_kvm *k)
{
	if (k->calls >= last_call)
		k->extension = false;
}

static void test_counters_that_vanish_while_read(void **state)
{
	struct exitprobe_snapshot s;
	struct exitprobe p;
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2 * 5; i++) {
		start(&k, &p, &fake_machines[i % 2]);
		k.course = EXITPROBE_NONE;
		fake_kvm_exits(&k, 1, 1);
		fake_kvm_exits(&k, 0x30, 1);
		last_call = k.calls + 1 + i / 2;
		k.background = move_away;
		assert_int_equal(exitprobe_snapshot(&p, 0, &s), -EIO);
	}
}

/* Any two snapshots: there is a correct result or an error. Checked against plain wide
 * arithmetic. */
static uint64_t random64(struct fake_kvm *k)
{
	const uint64_t high = fake_kvm_random(k), wide = high << 32 | fake_kvm_random(k);

	return wide >> fake_kvm_random(k) % 64;
}

static void random_pair(struct fake_kvm *k, struct exitprobe_snapshot *a,
			struct exitprobe_snapshot *b, struct exitprobe_snapshot *truth)
{
	unsigned int i;

	memset(a, 0, sizeof(*a));
	a->narrow = fake_kvm_random(k) & 1;
	a->cpuid_slot = fake_kvm_random(k) & 1 ? 10 : 0x72;
	*truth = *b = *a;
	b->cost = fake_kvm_random(k) % 512;
	for (i = 0; i < EXITPROBE_SLOTS; i++) {
		a->count[i] = random64(k) >> 1;
		truth->count[i] = random64(k) >> (a->narrow ? 33 : 1);
		b->count[i] = a->count[i] + truth->count[i] + (i == a->cpuid_slot ? b->cost : 0);
		a->busy[i] = random64(k) >> 1;
		truth->busy[i] = random64(k) >> 1;
		b->busy[i] = a->busy[i] + truth->busy[i];
		if (a->narrow) {
			a->count[i] &= 0xffffffff;
			b->count[i] &= 0xffffffff;
		}
	}
}

static void test_any_two_readings(void **state)
{
	struct exitprobe_snapshot a, b, truth, d;
	struct fake_kvm k;
	unsigned int i, slot;

	(void)state;
	fake_kvm_init(&k, EXITPROBE_VMX);
	for (i = 0; i < 2000; i++) {
		random_pair(&k, &a, &b, &truth);
		assert_int_equal(exitprobe_difference(&a, &b, &d), 0);
		assert_memory_equal(d.count, truth.count, sizeof(d.count));
		assert_memory_equal(d.busy, truth.busy, sizeof(d.busy));
		slot = fake_kvm_random(&k) % EXITPROBE_SLOTS;
		if (!a.narrow && slot != a.cpuid_slot && a.count[slot]) {
			b.count[slot] = a.count[slot] - 1;
			assert_refused(&a, &b, -ERANGE);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adjacent_readings_differ_by_nothing),
		cmocka_unit_test(test_every_reason_alone),
		cmocka_unit_test(test_reasons_without_a_slot),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_counters_that_vanish),
		cmocka_unit_test(test_counters_that_vanish_while_read),
		cmocka_unit_test(test_any_two_readings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
