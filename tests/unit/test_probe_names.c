// SPDX-License-Identifier: MIT
/* Tables, keys, slots and the fingerprint: numbers become names and the same numbers again. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_open.h"

static const enum exitprobe_vendor vendors[] = { EXITPROBE_VMX, EXITPROBE_SVM };

static void test_tables_are_in_order(void **state)
{
	const struct exitprobe_reason *table;
	unsigned int v, i, j, n;

	(void)state;
	for (v = 0; v < 2; v++) {
		table = exitprobe_reasons(vendors[v], &n);
		for (i = 0; i < n; i++) {
			assert_true(i == 0 || table[i - 1].code < table[i].code);
			assert_ptr_equal(exitprobe_reason(vendors[v], table[i].code), &table[i]);
			assert_non_null(exitprobe_class_name(table[i].exit_class));
			assert_int_equal(table[i].text[strlen(table[i].text) - 1], '.');
			for (j = 0; j < i; j++)
				assert_string_not_equal(table[j].name, table[i].name);
		}
	}
	assert_null(exitprobe_reasons(EXITPROBE_VENDOR_UNKNOWN, &n));
	assert_int_equal(n, 0);
}

/* What the manuals leave out: SDM volume 3 appendix C, APM volume 2 appendix C. */
static void test_what_the_manuals_define(void **state)
{
	uint32_t code;

	(void)state;
	for (code = 0; code <= 77; code++)
		assert_int_equal(exitprobe_reason(EXITPROBE_VMX, code) == NULL,
				 code == 35 || code == 38 || code == 42 || code == 71);
	for (code = 0; code <= 0xa3; code++)
		assert_non_null(exitprobe_reason(EXITPROBE_SVM, code));
	for (code = 0xa7; code < 0x400; code++)
		assert_null(exitprobe_reason(EXITPROBE_SVM, code));
	for (code = 0x400; code <= 0x403; code++)
		assert_non_null(exitprobe_reason(EXITPROBE_SVM, code));
	for (code = 0x404; code < 0x10000; code++)
		assert_null(exitprobe_reason(EXITPROBE_SVM, code));
	for (code = 86; code < 0x10000; code++)
		assert_null(exitprobe_reason(EXITPROBE_VMX, code));
	assert_non_null(exitprobe_reason(EXITPROBE_SVM, 0xffffffff));
	assert_non_null(exitprobe_reason(EXITPROBE_SVM, 0xf0000000));
	assert_null(exitprobe_reason(EXITPROBE_VMX, 0xffffffff));
	assert_null(exitprobe_reason(EXITPROBE_VENDOR_UNKNOWN, 10));
	assert_null(exitprobe_reason(EXITPROBE_VENDOR_UNKNOWN, EXITPROBE_CODE_OTHER));
	assert_string_equal(exitprobe_reason(EXITPROBE_VMX, EXITPROBE_CODE_OTHER)->name, "OTHER");
}

/* The reasons that workloads and the fingerprint refer to. */
static void test_classes(void **state)
{
	static const struct {
		enum exitprobe_class exit_class;
		uint32_t vmx, svm;
		const char *vmx_name, *svm_name;
	} rows[] = {
		{ EXITPROBE_NESTED_PAGE_FAULT, 48, 0x400, "EPT_VIOLATION", "NPF" },
		{ EXITPROBE_CR_ACCESS, 28, 0x13, "CR_ACCESS", "WRITE_CR3" },
		{ EXITPROBE_CR_ACCESS, 28, 0x65, "CR_ACCESS", "CR0_SEL_WRITE" },
		{ EXITPROBE_INVLPG, 14, 0x79, "INVLPG", "INVLPG" },
		{ EXITPROBE_INVLPG, 58, 0xa2, "INVPCID", "INVPCID" },
		{ EXITPROBE_CPUID, 10, 0x72, "CPUID", "CPUID" },
		{ EXITPROBE_IO, 30, 0x7b, "IO_INSTRUCTION", "IOIO" },
		{ EXITPROBE_MSR, 31, 0x7c, "MSR_READ", "MSR" },
		{ EXITPROBE_MSR, 32, 0x7c, "MSR_WRITE", "MSR" },
		{ EXITPROBE_HLT, 12, 0x78, "HLT", "HLT" },
		{ EXITPROBE_INTERRUPT, 1, 0x60, "EXTERNAL_INTERRUPT", "INTR" },
		{ EXITPROBE_INTERRUPT_WINDOW, 7, 0x64, "INTERRUPT_WINDOW", "VINTR" },
		{ EXITPROBE_HYPERCALL, 18, 0x81, "VMCALL", "VMMCALL" },
		{ EXITPROBE_PAUSE, 40, 0x77, "PAUSE_INSTRUCTION", "PAUSE" },
		{ EXITPROBE_EXCEPTION, 0, 0x46, "EXCEPTION_NMI", "EXCP_UD" },
		{ EXITPROBE_OTHER, 29, 0x37, "DR_ACCESS", "WRITE_DR7" },
	};
	const struct exitprobe_reason *vmx, *svm;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		vmx = exitprobe_reason(EXITPROBE_VMX, rows[i].vmx);
		svm = exitprobe_reason(EXITPROBE_SVM, rows[i].svm);
		assert_int_equal(vmx->exit_class, rows[i].exit_class);
		assert_int_equal(svm->exit_class, rows[i].exit_class);
		assert_string_equal(vmx->name, rows[i].vmx_name);
		assert_string_equal(svm->name, rows[i].svm_name);
	}
	assert_int_equal(exitprobe_reason(EXITPROBE_SVM, 0x4e)->exit_class, EXITPROBE_PAGE_FAULT);
	assert_int_equal(exitprobe_reason(EXITPROBE_VMX, 49)->exit_class, EXITPROBE_MMIO);
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(exitprobe_class_name(EXITPROBE_PAGE_FAULT), "page-fault");
	assert_string_equal(exitprobe_class_name(EXITPROBE_OTHER), "other");
	assert_null(exitprobe_class_name(EXITPROBE_CLASSES));
	assert_null(exitprobe_class_name((enum exitprobe_class) - 1));
	assert_string_equal(exitprobe_vendor_name(EXITPROBE_SVM), "svm");
	assert_string_equal(exitprobe_vendor_name((enum exitprobe_vendor)9), "unknown");
	assert_string_equal(exitprobe_paging_name(EXITPROBE_SHADOW), "shadow");
	assert_string_equal(exitprobe_paging_name(EXITPROBE_PAGING_UNKNOWN), "unknown");
	assert_string_equal(exitprobe_backend_name(EXITPROBE_LEAVES), "leaves");
	assert_string_equal(exitprobe_backend_name(EXITPROBE_COURSE_C), "course-c");
	assert_string_equal(exitprobe_backend_name(EXITPROBE_NONE), "none");
	assert_string_equal(exitprobe_fingerprint_name(EXITPROBE_LOOKS_MIXED), "mixed");
	assert_string_equal(exitprobe_fingerprint_name(EXITPROBE_LOOKS_UNDECIDED), "undecided");
}

static void test_keys(void **state)
{
	static const uint32_t codes[] = { 0, 9, 10, 48, 0xa2, 0x400, 0xf0000000, 0xfffffffe, ~0u };
	enum exitprobe_vendor vendor;
	uint32_t code;
	char key[24];
	unsigned int i, v;

	(void)state;
	assert_string_equal(exitprobe_key(EXITPROBE_VMX, 48, key), "vmx:48");
	assert_string_equal(exitprobe_key(EXITPROBE_SVM, 0x400, key), "svm:0x400");
	assert_string_equal(exitprobe_key(EXITPROBE_SVM, 0xffffffff, key), "svm:0xffffffff");
	assert_string_equal(exitprobe_key(EXITPROBE_VMX, EXITPROBE_CODE_OTHER, key), "vmx:other");
	assert_string_equal(exitprobe_key(EXITPROBE_VENDOR_UNKNOWN, ~0u, key),
			    "unknown:4294967295");
	for (v = 0; v < 2; v++)
		for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
			exitprobe_key(vendors[v], codes[i], key);
			assert_int_equal(exitprobe_parse_key(key, &vendor, &code), 0);
			assert_int_equal(vendor, vendors[v]);
			assert_int_equal(code, codes[i]);
		}
	assert_int_equal(exitprobe_parse_key("vmx:0x30", &vendor, &code), 0);
	assert_int_equal(code, 48);
	assert_int_equal(exitprobe_parse_key("svm:1024", &vendor, &code), 0);
	assert_int_equal(code, 0x400);
	assert_int_equal(exitprobe_parse_key("vmx:010", &vendor, &code), 0);
	assert_int_equal(code, 10);
}

static void test_keys_that_are_none(void **state)
{
	static const char *const bad[] = {
		"",
		"48",
		"vmx",
		"vmx:",
		"vmx:x",
		"vmx:-1",
		"vmx: 48",
		"vmx:48 ",
		"vmx:+48",
		"VMX:48",
		"tdx:48",
		"vmx:4294967296",
		"svm:0x",
		"svm:0xg",
		"svm:400h",
		"svm:0x1.",
		"vmx::1",
		"vmx:99999999999999999999",
		"svm:0x1ffffffff",
		"vmx:others",
		"unknown:1",
		"vmx:4a",
		"vmx:48\n",
		"svm:0x-1",
	};
	enum exitprobe_vendor vendor = EXITPROBE_SVM;
	uint32_t code = 77;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (exitprobe_parse_key(bad[i], &vendor, &code) != -EINVAL)
			fail_msg("'%s' was taken as a key", bad[i]);
	assert_int_equal(vendor, EXITPROBE_SVM);
	assert_int_equal(code, 77);
}

static void test_slots(void **state)
{
	struct exitprobe p;
	struct fake_kvm k;
	uint32_t slot, code;

	(void)state;
	for (unsigned int v = 0; v < 2; v++) {
		fake_kvm_init(&k, vendors[v]);
		assert_int_equal(fake_open(&p, &k), 0);
		assert_int_equal(exitprobe_cpuid_slot(&p), v ? 0x72 : 10);
		for (slot = 0; slot < FAKE_SLOTS; slot++) {
			code = exitprobe_slot_code(&p, slot);
			assert_int_equal(exitprobe_code_slot(&p, code), slot);
			assert_int_equal(fake_kvm_slot(code), slot);
		}
		assert_int_equal(code, EXITPROBE_CODE_OTHER);
		assert_int_equal(exitprobe_slot_code(&p, FAKE_SLOTS), EXITPROBE_CODE_OTHER);
		assert_int_equal(exitprobe_slot_code(&p, ~0u), EXITPROBE_CODE_OTHER);
		assert_int_equal(exitprobe_code_slot(&p, 0xc0), -ENOENT);
		assert_int_equal(exitprobe_code_slot(&p, 0x408), -ENOENT);
		assert_int_equal(exitprobe_code_slot(&p, 0xf0000000), -ENOENT);
	}
}

static enum exitprobe_fingerprint looks(enum exitprobe_vendor vendor, uint32_t a, uint32_t b)
{
	struct exitprobe_snapshot s;
	struct exitprobe p;
	struct fake_kvm k;

	fake_kvm_init(&k, vendor);
	fake_kvm_exits(&k, a, 1);
	fake_kvm_exits(&k, b, 3);
	assert_int_equal(fake_open(&p, &k), 0);
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), 0);
	return exitprobe_fingerprint(&p, &s);
}

static void test_fingerprint(void **state)
{
	const enum exitprobe_vendor vmx = EXITPROBE_VMX, svm = EXITPROBE_SVM;

	(void)state;
	assert_int_equal(looks(vmx, 0, 28), EXITPROBE_LOOKS_UNDECIDED);
	assert_int_equal(looks(vmx, 48, 49), EXITPROBE_LOOKS_NESTED);
	assert_int_equal(looks(vmx, 49, 0), EXITPROBE_LOOKS_NESTED);
	assert_int_equal(looks(vmx, 14, 0), EXITPROBE_LOOKS_SHADOW);
	assert_int_equal(looks(vmx, 58, 28), EXITPROBE_LOOKS_SHADOW);
	assert_int_equal(looks(vmx, 48, 14), EXITPROBE_LOOKS_MIXED);
	/* The same numbers are other events on the other vendor: WRITE_DR0, WRITE_DR1, READ_CR14.
	 */
	assert_int_equal(looks(svm, 48, 49), EXITPROBE_LOOKS_UNDECIDED);
	assert_int_equal(looks(svm, 14, 58), EXITPROBE_LOOKS_UNDECIDED);
	assert_int_equal(looks(svm, 0x400, 0x13), EXITPROBE_LOOKS_NESTED);
	assert_int_equal(looks(svm, 0x4e, 0x13), EXITPROBE_LOOKS_SHADOW);
	assert_int_equal(looks(svm, 0x79, 0x13), EXITPROBE_LOOKS_SHADOW);
	assert_int_equal(looks(svm, 0xa2, 0x13), EXITPROBE_LOOKS_SHADOW);
	assert_int_equal(looks(svm, 0x400, 0x4e), EXITPROBE_LOOKS_MIXED);
}

/* Published listings: a well-known "nested paging" one mixes two runs. */
static void test_fingerprint_of_a_published_listing(void **state)
{
	static const uint32_t codes[] = { 14, 48, 58 };
	static const uint64_t mixed[] = { 163555, 890534, 0 }, nested[] = { 0, 35708, 0 };

	(void)state;
	assert_int_equal(exitprobe_fingerprint_codes(EXITPROBE_VMX, codes, mixed, 3),
			 EXITPROBE_LOOKS_MIXED);
	assert_int_equal(exitprobe_fingerprint_codes(EXITPROBE_VMX, codes, nested, 3),
			 EXITPROBE_LOOKS_NESTED);
	assert_int_equal(exitprobe_fingerprint_codes(EXITPROBE_VMX, codes, mixed, 0),
			 EXITPROBE_LOOKS_UNDECIDED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_in_order),
		cmocka_unit_test(test_what_the_manuals_define),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_keys_that_are_none),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_fingerprint_of_a_published_listing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
