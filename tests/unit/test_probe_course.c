// SPDX-License-Identifier: MIT
/* The course layouts have no signature: they are found by behaviour, on busy machines too, or not
 * trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_open.h"

#define COURSE (fake_machines + 2) /* those without extension leaves */

static void assert_course(struct fake_kvm *k, enum exitprobe_backend layout)
{
	struct exitprobe p;

	assert_int_equal(fake_open(&p, k), 0);
	assert_int_equal(p.backend, layout);
	assert_int_equal(p.course_layout, layout);
	assert_int_equal(p.vendor, k->vendor);
	assert_int_equal(p.paging, EXITPROBE_PAGING_UNKNOWN);
	assert_int_equal(p.cycles, layout != EXITPROBE_COURSE_C);
	assert_int_equal(p.abi, 0);
	assert_int_equal(p.vcpus, 0);
}

static void test_course(void **state)
{
	const struct fake_machine *m;
	struct fake_kvm k;
	uint64_t before;

	(void)state;
	for (m = COURSE; m->vendor; m++) {
		for (unsigned int i = 0; i < 16; i++) {
			fake_machine_init(&k, m);
			k.amd_name ^= i & 1; /* a guest that is shown the other vendor's name */
			k.careless = i >> 1 & 1;
			if (i >> 2 & 1) /* about to wrap at 32 bits */
				fake_kvm_exits(&k, fake_kvm_cpuid_code(&k), 0xfffffff0);
			if (i >> 3 & 1)
				fake_kvm_exits(&k, 1, 0x1ffffffe0);
			before = k.calls;
			assert_course(&k, m->layout);
			/* The CPU's name decides which vendor to try first. */
			assert_int_equal(k.calls - before < 40, !(i & 1));
		}
	}
}

/* Timer interrupts and I/O of all vCPUs, up to several for each CPUID, sometimes a great burst. */
static void noise(struct fake_kvm *k)
{
	const uint32_t r = fake_kvm_random(k);

	fake_migration(k);
	fake_kvm_exits(k, 1, r % 5);
	fake_kvm_exits(k, 12, r >> 8 & 3);
	if (r % 97 == 0)
		fake_kvm_exits(k, 30, 100000);
}

/* Another vCPU executes CPUID now and then: some rounds disagree, so no single round may be
 * trusted. */
static void other_cpuids(struct fake_kvm *k)
{
	noise(k);
	if (fake_kvm_random(k) % 16 == 0)
		fake_kvm_exits(k, fake_kvm_cpuid_code(k), 1 + fake_kvm_random(k) % 40);
}

static void test_course_in_a_busy_machine(void **state)
{
	struct exitprobe p;
	const struct fake_machine *m;
	struct fake_kvm k;
	unsigned int i, found = 0;

	(void)state;
	for (m = COURSE; m->vendor; m++) {
		fake_machine_init(&k, m);
		k.vcpus = 4;
		k.background = noise;
		for (i = 0; i < 1000; i++)
			assert_course(&k, m->layout);
		k.background = other_cpuids;
		for (i = 0; i < 1000; i++) {
			if (fake_open(&p, &k)) {
				assert_non_null(strstr(p.why, "try again"));
				continue;
			}
			assert_int_equal(p.backend, m->layout);
			assert_int_equal(p.vendor, m->vendor);
			found++;
		}
	}
	assert_true(found > 6 * 900);
}

static void storm(struct fake_kvm *k)
{
	fake_kvm_exits(k, fake_kvm_cpuid_code(k), 3);
}

static void test_course_not_believed(void **state)
{
	const struct fake_machine *m;
	struct fake_kvm k;

	(void)state;
	for (m = COURSE; m->vendor; m++) {
		fake_machine_init(&k, m);
		k.forgets_undefined = true;
		fake_not_there(&k, "undefined");
		k.forgets_undefined = false;
		k.background = storm;
		fake_not_there(&k, "not by the CPUIDs executed");
	}
}

/* A careless patch again: the undefined reason's cycles leave garbage in EAX. */
static void garbage_beside(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	struct fake_kvm *k = context;
	struct fake_kvm honest;

	fake_kvm_init(&honest, k->vendor);
	honest.source.cpuid(k, leaf, subleaf, regs);
	if (leaf == 0x4fffffff)
		regs[0] = fake_kvm_random(k);
}

static void test_garbage_is_no_total(void **state)
{
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		fake_machine_init(&k, &fake_machines[4]); /* layout B, where that leaf has cycles */
		k.source.cpuid = garbage_beside;
		k.random += i;
		assert_course(&k, EXITPROBE_COURSE_B);
	}
}

/* Ticks about once for each CPUID and knows the rule for undefined reasons, but does not count. */
static void ticking(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	struct fake_kvm *k = context;

	k->calls++;
	fake_host_cpuid(k, leaf, subleaf, regs);
	if (leaf < 0x4ffffffc || leaf > 0x4fffffff)
		return;
	regs[0] = (uint32_t)k->calls + (fake_kvm_random(k) & 7);
	if ((leaf == 0x4ffffffd || leaf == 0x4ffffffe) && subleaf == 35) {
		regs[0] = regs[1] = regs[2] = 0;
		regs[3] = 0xffffffff;
	}
}

static void test_about_right_is_not_enough(void **state)
{
	struct exitprobe p;
	struct fake_kvm k;
	unsigned int i, believed = 0;

	(void)state;
	fake_kvm_init(&k, EXITPROBE_VMX);
	k.source.cpuid = ticking;
	for (i = 0; i < 10000; i++)
		believed += fake_open(&p, &k) == 0;
	assert_true(believed < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_course),
		cmocka_unit_test(test_course_in_a_busy_machine),
		cmocka_unit_test(test_course_not_believed),
		cmocka_unit_test(test_garbage_is_no_total),
		cmocka_unit_test(test_about_right_is_not_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
