// SPDX-License-Identifier: MIT
/* Detection: finds counters if they exist, says why if not, and is not fooled by look-alikes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_open.h"

static void unpatched(struct fake_kvm *k, enum exitprobe_vendor vendor, enum fake_host host)
{
	fake_kvm_init(k, vendor);
	k->extension = false;
	k->course = EXITPROBE_NONE;
	k->host = host;
}

static void test_extension(void **state)
{
	static const enum exitprobe_backend layouts[] = { EXITPROBE_COURSE_A, EXITPROBE_COURSE_B,
							  EXITPROBE_COURSE_C };
	struct exitprobe p;
	struct fake_kvm k;
	unsigned int i, bit;

	(void)state;
	for (i = 0; i < 3 * 16; i++) {
		bit = i / 3;
		fake_kvm_init(&k, bit & 1 ? EXITPROBE_SVM : EXITPROBE_VMX);
		k.course = layouts[i % 3];
		k.nested = bit & 2;
		k.counts_l2 = bit & 4;
		k.histograms = bit & 8;
		k.vcpus = 3;
		assert_int_equal(fake_open(&p, &k), 0);
		assert_int_equal(p.backend, EXITPROBE_LEAVES);
		assert_int_equal(p.vendor, k.vendor);
		assert_int_equal(p.paging, k.nested ? EXITPROBE_NESTED : EXITPROBE_SHADOW);
		assert_int_equal(p.course_layout, k.course);
		assert_int_equal(p.counts_l2, k.counts_l2);
		assert_int_equal(p.histograms, k.histograms);
		assert_int_equal(p.abi, 1);
		assert_int_equal(p.host_tsc_khz, 2400000);
		assert_int_equal(p.vcpus, 3);
		assert_int_equal(p.instance, 0x12345678);
		assert_true(p.cycles);
		assert_true(p.hypervisor_bit);
		assert_string_equal(p.hypervisor, "KVMKVMKVM");
	}
}

/* The signature counts, whatever else the hypervisor reports. */
static void test_extension_behind_other_hosts(void **state)
{
	struct exitprobe p;
	struct fake_kvm k;

	(void)state;
	fake_kvm_init(&k, EXITPROBE_VMX);
	for (k.host = FAKE_KVM; k.host <= FAKE_BARE_METAL; k.host++) {
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

/* An Intel guest's unknown leaves repeat the highest basic one, whichever that is. */
static void test_unpatched(void **state)
{
	static const char *const say[] = {
		[FAKE_KVM] = "exit_stats=1",
		[FAKE_KVM_AS_HYPERV] = "exit_stats=1",
		[FAKE_TCG] = "TCG",
		[FAKE_VMWARE] = "VMware",
		[FAKE_HYPERV] = "Hyper-V",
		[FAKE_NOVEL] = "\"New?ness? v9\"",
		[FAKE_BARE_METAL] = "bare metal",
	};
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2 * 7 * 0x30; i++) {
		unpatched(&k, i & 1 ? EXITPROBE_SVM : EXITPROBE_VMX, i / 2 % 7);
		k.basic = 2 + i / 14;
		fake_not_there(&k, "not patched");
		fake_not_there(&k, say[k.host]);
		assert_true(k.calls < 2 * 30);
	}
	unpatched(&k, EXITPROBE_VMX, FAKE_KVM);
	fake_not_there(&k, "basic leaf 0x1f");
}

/* Without the hypervisor bit leaf 0x40000000 has a basic leaf's data too, not a signature. */
static void test_no_hypervisor_has_no_name(void **state)
{
	struct exitprobe p;
	struct fake_kvm k;

	(void)state;
	unpatched(&k, EXITPROBE_VMX, FAKE_BARE_METAL);
	k.basic = 0x16;
	assert_int_equal(fake_open(&p, &k), -ENODEV);
	assert_string_equal(p.hypervisor, "");
	assert_false(p.hypervisor_bit);
}

static void test_unpatched_while_migrating(void **state)
{
	struct fake_kvm k;
	unsigned int i;

	(void)state;
	unpatched(&k, EXITPROBE_VMX, FAKE_KVM);
	k.vcpus = 4;
	k.background = fake_migration;
	for (i = 0; i < 1000; i++)
		fake_not_there(&k, "not patched");
}

/* Leaves that move, but not like counters: a clock in every register, then plain noise. */
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
		cmocka_unit_test(test_no_hypervisor_has_no_name),
		cmocka_unit_test(test_unpatched_while_migrating),
		cmocka_unit_test(test_clocks_and_noise_are_no_counters),
		cmocka_unit_test(test_the_instruction_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
