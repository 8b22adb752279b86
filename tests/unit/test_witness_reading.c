// SPDX-License-Identifier: MIT
/* The guest's last reading, and the names by which the tracepoint knows its counters. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "witness/names.h"
#include "witness/reading.h"

static struct text text_of(const char *data)
{
	return (struct text){ .path = (char *)"out/guest",
			      .data = (char *)data,
			      .size = strlen(data) };
}

static void test_a_reading(void **state)
{
	struct text t = text_of("192 svm:0x400 9223372036854775807\n0 svm:0x0 0\n114 svm:0x72 "
				"26\n200 svm:0xffffffff 0\n201 svm:other 3\n");
	struct fault f = { 0 };
	struct reading r;

	(void)state;
	assert_int_equal(reading_parse(&r, &t, &f), 0);
	assert_int_equal(r.vendor, EXITPROBE_SVM);
	assert_int_equal(r.slots, 5);
	assert_string_equal(r.slot[0].key, "svm:0x400");
	assert_int_equal(r.slot[0].count, INT64_MAX);
	assert_int_equal(r.by_number[114], 2);
	assert_int_equal(r.by_number[113], -1);
	assert_int_equal(reading_slot_of(&r, 0x400), 0);
	assert_int_equal(reading_slot_of(&r, 0), 1);
	assert_int_equal(reading_slot_of(&r, 0xffffffff), 3);
	/* A code without a counter of its own. */
	assert_int_equal(reading_slot_of(&r, 0x401), 4);
}

static void test_vmx_has_basic_reasons(void **state)
{
	struct text t = text_of("48 vmx:48 5\n201 vmx:other 0\n");
	struct fault f = { 0 };
	struct reading r;

	(void)state;
	assert_int_equal(reading_parse(&r, &t, &f), 0);
	/* Bit 31: a failed entry, which is an exit of its reason all the same. */
	assert_int_equal(reading_slot_of(&r, 0x80000030), 0);
	assert_int_equal(reading_slot_of(&r, 49), 1);
	t = text_of("48 vmx:48 5\n");
	assert_int_equal(reading_parse(&r, &t, &f), 0);
	assert_int_equal(reading_slot_of(&r, 49), -1);
}

static void test_readings_that_are_none(void **state)
{
	static const struct {
		const char *text;
		int error;
		const char *why;
	} cases[] = {
		{ "", -ENODATA, "out/guest: is empty" },
		{ "\n", -EINVAL, "line 1: is not a slot" },
		{ "0 svm:0x0\n", -EINVAL, "line 1: is not a slot" },
		{ "0 svm:0x0 \n", -EINVAL, "line 1: is not a slot" },
		{ "0 svm:0x0 1 \n", -EINVAL, "line 1: is not a slot" },
		{ "0 svm:0x0 -1\n", -EINVAL, "line 1: is not a slot" },
		{ "0 svm:0x0 1.5\n", -EINVAL, "line 1: is not a slot" },
		{ "0  svm:0x0 1\n", -EINVAL, "line 1: is not a slot" },
		{ "0 arm:0x0 1\n", -EINVAL, "line 1: is not a slot" },
		{ "0 svm:0x00000000000000000000000000000 1\n", -EINVAL, "line 1: is not a slot" },
		{ "0 svm:0x0 1\n1 svm:0x1 2", -EINVAL, "line 2: ends without a newline" },
		{ "0 svm:0x0 9223372036854775808\n", -ERANGE, "line 1: has a count of more than" },
		{ "256 svm:0x0 1\n", -ERANGE, "line 1: has a slot beyond" },
		{ "99999999999999999999999 svm:0x0 1\n", -ERANGE, "line 1: has a slot beyond" },
		{ "0 svm:0x0 1\n0 svm:0x1 1\n", -EEXIST, "line 2: slot 0 comes twice" },
		{ "0 svm:0x0 1\n1 svm:0x0 1\n", -EEXIST, "line 2: svm:0x0 comes twice" },
		{ "0 svm:0x0 1\n1 vmx:1 1\n", -EINVAL, "line 2: vmx:1 is of another vendor" },
	};
	struct reading r;
	struct fault f;
	struct text t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		t = text_of(cases[i].text);
		f = (struct fault){ 0 };
		assert_int_equal(reading_parse(&r, &t, &f), cases[i].error);
		assert_int_equal(f.error, cases[i].error);
		if (!strstr(f.text, cases[i].why))
			fail_msg("'%s': '%s' does not say '%s'", cases[i].text, f.text,
				 cases[i].why);
	}
}

static const char format[] =
	"name: kvm_exit\nprint fmt: \"%s\", (REC->isa == 1) ? __print_symbolic(REC->exit_reason & "
	"0xffff, { 0, \"EXCEPTION_NMI\" }, { 48, \"EPT_VIOLATION\" }) : "
	"__print_symbolic(REC->exit_reason, { 0x040 + 14, \"PF excp\" }, { 0x400, \"npf\" }, { -1, "
	"\"invalid_guest_state\" }), (REC->isa == 1) ? __print_flags(REC->exit_reason, \" \", { "
	"0x80000000, \"FAILED_VMENTRY\" }) : \"\"\n";

/* The code of a name, or UINT64_MAX. */
static uint64_t code_of(const struct names *n, const char *name)
{
	const struct scan s = { name, name + strlen(name) };
	uint32_t code;

	return names_code(n, &s, &code) ? code : UINT64_MAX;
}

static void test_names(void **state)
{
	struct problem p = { "" };
	struct fault f = { 0 };
	struct text t = text_of(format);
	struct names n;

	(void)state;
	assert_int_equal(names_parse(&n, &t, EXITPROBE_SVM, &p, &f), 0);
	assert_string_equal(p.text, "");
	assert_int_equal(code_of(&n, "PF excp"), 0x4e);
	assert_int_equal(code_of(&n, "npf"), 0x400);
	assert_int_equal(code_of(&n, "invalid_guest_state"), 0xffffffff);
	assert_int_equal(code_of(&n, "EPT_VIOLATION"), UINT64_MAX);
	assert_int_equal(code_of(&n, "FAILED_VMENTRY"), UINT64_MAX);
	/* The kernel prints a code without a name so. */
	assert_int_equal(code_of(&n, "0x403"), 0x403);
	assert_int_equal(code_of(&n, "0x403 "), UINT64_MAX);
	assert_int_equal(code_of(&n, "0x1ffffffff"), UINT64_MAX);
	assert_int_equal(code_of(&n, "0x"), UINT64_MAX);
	assert_int_equal(code_of(&n, ""), UINT64_MAX);
	names_free(&n);
	assert_int_equal(names_parse(&n, &t, EXITPROBE_VMX, &p, &f), 0);
	assert_string_equal(p.text, "");
	assert_int_equal(code_of(&n, "EPT_VIOLATION"), 48);
	assert_int_equal(code_of(&n, "npf"), UINT64_MAX);
	names_free(&n);
}

/* As 7.2 has them: SVM's codes have got 64 bits in the VMCB, not in the tracepoint. */
static void test_names_of_wide_codes(void **state)
{
	struct text t = text_of(
		"print fmt: (REC->isa == 1) ? __print_symbolic(REC->exit_reason, { 0x1ull + "
		"2, \"a\" }, { 0x80000001ull, \"b\" }, { -1ull, \"c\" })\n");
	struct problem p = { "" };
	struct fault f = { 0 };
	struct names n;

	(void)state;
	assert_int_equal(names_parse(&n, &t, EXITPROBE_VMX, &p, &f), 0);
	assert_string_equal(p.text, "");
	assert_int_equal(code_of(&n, "a"), 3);
	assert_int_equal(code_of(&n, "b"), 0x80000001);
	assert_int_equal(code_of(&n, "c"), 0xffffffff);
	names_free(&n);
}

/* No prefix of the format is taken for the whole. */
static void test_a_format_that_is_cut(void **state)
{
	struct text t = text_of(format);
	struct problem p;
	struct fault f = { 0 };
	struct names n;

	(void)state;
	while (t.size--) {
		p = (struct problem){ "" };
		assert_int_equal(names_parse(&n, &t, EXITPROBE_SVM, &p, &f), 0);
		assert_string_equal(p.text,
				    "the format of kvm_exit has no table of the exit reasons");
		names_free(&n);
	}
}

static void test_formats_that_are_none(void **state)
{
	static const struct {
		const char *table, *why;
	} cases[] = {
		{ "{ 1, \"a\" }, { 2, \"a\" }", "has two codes for a" },
		{ "{ x, \"a\" }", "is not understood at: x, " },
		{ "{ 0x1ffffffff, \"a\" }", "is not understood at: 1ffffffff" },
		{ "{ 0xffffffff + 1, \"a\" }", "is not understood at: 1, " },
		{ "{ 1ul, \"a\" }", "is not understood at: ul, " },
		{ "{ 1, a }", "is not understood at: , a " },
		{ "{ 1, \"a }", "is not understood at: a " },
	};
	char text[256];
	struct problem p;
	struct fault f = { 0 };
	struct names n;
	struct text t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text),
			 "print fmt: (REC->isa == 1) ? __print_symbolic(REC->exit_reason, %s)\n",
			 cases[i].table);
		t = text_of(text);
		p = (struct problem){ "" };
		assert_int_equal(names_parse(&n, &t, EXITPROBE_VMX, &p, &f), 0);
		if (!strstr(p.text, cases[i].why))
			fail_msg("'%s': '%s' does not say '%s'", cases[i].table, p.text,
				 cases[i].why);
		names_free(&n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_reading),
		cmocka_unit_test(test_vmx_has_basic_reasons),
		cmocka_unit_test(test_readings_that_are_none),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_of_wide_codes),
		cmocka_unit_test(test_a_format_that_is_cut),
		cmocka_unit_test(test_formats_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
