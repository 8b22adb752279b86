// SPDX-License-Identifier: MIT
/* Detection: finds what is there, says why when nothing is, and is not taken in by look-alikes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_open.h"

static const enum exitprobe_vendor vendors[] = { EXITPROBE_VMX, EXITPROBE_SVM };
static const enum exitprobe_backend layouts[] = { EXITPROBE_COURSE_A, EXITPROBE_COURSE_B,
						  EXITPROBE_COURSE_C };

#define EACH(item, array) for (size_t item = 0; item < sizeof(array) / sizeof((array)[0]); item++)

static void test_extension(void **state)
{
	struct exitprobe p;
	struct fake_kvm k;

	(void)state;
	EACH(v, vendors) EACH(l, layouts)
	{
		fake_kvm_init(&k, vendors[v]);
		k.course = layouts[l];
		k.nested = l != 1;
		k.counts_l2 = l != 0;
		k.histograms = l == 2;
		k.vcpus = 3;
		assert_int_equal(fake_open(&p, &k), 0);
		assert_int_equal(p.backend, EXITPROBE_LEAVES);
		assert_int_equal(p.vendor, vendors[v]);
		assert_int_equal(p.paging, l != 1 ? EXITPROBE_NESTED : EXITPROBE_SHADOW);
		assert_int_equal(p.course_layout, layouts[l]);
		assert_int_equal(p.counts_l2, l != 0);
		assert_int_equal(p.histograms, l == 2);
		assert_int_equal(p.abi, 1);
		assert_int_equal(p.host_tsc_khz, 2400000);
		assert_int_equal(p.vcpus, 3);
		assert_int_equal(p.instance, 0x12345678);
		assert_true(p.cycles);
		assert_true(p.hypervisor_bit);
		assert_string_equal(p.hypervisor, "KVMKVMKVM");
	}
}

/* The signature counts, whatever else the hypervisor says of itself. */
static void test_extension_behind_other_hosts(void **state)
{
	static const enum fake_host hosts[] = { FAKE_KVM_AS_HYPERV, FAKE_BARE_METAL, FAKE_NOVEL };
	struct exitprobe p;
	struct fake_kvm k;

	(void)state;
	EACH(h, hosts)
	{
		fake_kvm_init(&k, EXITPROBE_VMX);
		k.host = hosts[h];
		assert_int_equal(fake_open(&p, &k), 0);
		assert_int_equal(p.backend, EXITPROBE_LEAVES);
	}
}

static void test_extension_of_another_abi(void **state)
{
	struct exitprobe p;
	struct fake_kvm k;

	(void)state;
	fake_kvm_init(&k, EXITPROBE_VMX);
	k.abi = 2;
	assert_int_equal(fake_open(&p, &k), -EPROTO);
	assert_non_null(strstr(p.why, "ABI is 2"));
	k.abi = 0xffffffff;
	assert_int_equal(fake_open(&p, &k), -EPROTO);
	k.abi = 1;
	k.slots = 0xffffffff;
	assert_int_equal(fake_open(&p, &k), -E2BIG);
	k.slots = 257;
	assert_int_equal(fake_open(&p, &k), -E2BIG);
	k.slots = 70;
	assert_int_equal(fake_open(&p, &k), -EPROTO);
	assert_non_null(strstr(p.why, "70"));
	k.slots = FAKE_SLOTS;
	k.highest = 0x4fffff01;
	assert_int_equal(fake_open(&p, &k), -EPROTO);
	k.highest = 0xffffffff;
	assert_int_equal(fake_open(&p, &k), -EPROTO);
	k.highest = 0x4fffffff;
	k.vendor = EXITPROBE_VENDOR_UNKNOWN;
	assert_int_equal(fake_open(&p, &k), -EPROTO);
}

static void test_unpatched(void **state)
{
	static const uint32_t basic[] = { 0x4, 0x7, 0xb, 0xd, 0x10, 0x14, 0x16, 0x1f, 0x20 };
	static const struct {
		enum fake_host host;
		const char *say;
	} cases[] = {
		{ FAKE_KVM, "exit_stats=1" },
		{ FAKE_KVM_AS_HYPERV, "exit_stats=1" },
		{ FAKE_TCG, "TCG" },
		{ FAKE_VMWARE, "VMware" },
		{ FAKE_HYPERV, "Hyper-V" },
		{ FAKE_NOVEL, "\"New?ness? v9\"" },
		{ FAKE_BARE_METAL, "bare metal" },
	};
	struct fake_kvm k;

	(void)state;
	EACH(c, cases) EACH(v, vendors) EACH(b, basic)
	{
		fake_kvm_init(&k, vendors[v]);
		k.extension = false;
		k.course = EXITPROBE_NONE;
		k.host = cases[c].host;
		k.basic = basic[b];
		fake_not_there(&k, "not patched");
		fake_not_there(&k, cases[c].say);
		assert_true(k.calls < 2 * 30);
	}
	fake_kvm_init(&k, EXITPROBE_VMX);
	k.extension = false;
	k.course = EXITPROBE_NONE;
	fake_not_there(&k, "basic leaf 0x1f");
}

static void test_unpatched_while_migrating(void **state)
{
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	fake_kvm_init(&k, EXITPROBE_VMX);
	k.extension = false;
	k.course = EXITPROBE_NONE;
	k.vcpus = 4;
	k.background = fake_migration;
	for (i = 0; i < 1000; i++)
		fake_not_there(&k, "not patched");
}

/* Leaves that move, but not as counters do: a clock in every register, then plain noise. */
static void clock_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	struct fake_kvm *k = context;
	unsigned int i;

	k->calls++;
	fake_host_cpuid(k, leaf, subleaf, regs);
	if (leaf >> 8 == 0x4fffff)
		for (i = 0; i < 4; i++)
			regs[i] = k->careless ? fake_kvm_random(k) : (uint32_t)(k->calls * 2600);
}

static void test_clocks_and_noise_are_no_counters(void **state)
{
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	fake_kvm_init(&k, EXITPROBE_VMX);
	k.source.cpuid = clock_cpuid;
	fake_not_there(&k, "not trusted");
	k.careless = true;
	for (i = 0; i < 10000; i++)
		fake_not_there(&k, "not trusted");
}

static void test_the_instruction_itself(void **state)
{
	struct exitprobe p;
	int err = exitprobe_open(&p, NULL);

	(void)state;
	assert_true(err == 0 || err == -ENODEV);
	assert_true(p.open_cost > 3 && p.open_cost < 200);
	assert_true((err == 0) == (p.backend != EXITPROBE_NONE));
	assert_true((err == 0) == !p.why[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extension),
		cmocka_unit_test(test_extension_behind_other_hosts),
		cmocka_unit_test(test_extension_of_another_abi),
		cmocka_unit_test(test_unpatched),
		cmocka_unit_test(test_unpatched_while_migrating),
		cmocka_unit_test(test_clocks_and_noise_are_no_counters),
		cmocka_unit_test(test_the_instruction_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
