// SPDX-License-Identifier: MIT
/* Lines and numbers of evidence: nothing is read beyond a text, and no number is taken for another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "witness/scan.h"

static void test_lines(void **state)
{
	char data[] = "one\n\ntwo\0x\nthree";
	const struct text t = { .data = data, .size = sizeof(data) - 1 };
	static const char *const expected[] = { "one", "", "two\0x", "three" };
	static const size_t length[] = { 3, 0, 5, 5 };
	struct lines l = LINES_OF(&t);
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_true(lines_next(&l));
		assert_int_equal(l.number, i + 1);
		assert_int_equal(scan_length(&l.line), length[i]);
		assert_memory_equal(l.line.at, expected[i], length[i]);
		assert_int_equal(l.whole, i < 3);
	}
	assert_false(lines_next(&l));
}

static struct scan scan_of(const char *text)
{
	return (struct scan){ text, text + strlen(text) };
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		unsigned int base;
		uint64_t max;
		enum scanned scanned;
		uint64_t value;
		const char *rest;
	} cases[] = {
		{ "0", 10, 0, SCAN_OK, 0, "" },
		{ "007 x", 10, UINT64_MAX, SCAN_OK, 7, " x" },
		{ "9223372036854775807", 10, INT64_MAX, SCAN_OK, INT64_MAX, "" },
		{ "9223372036854775808", 10, INT64_MAX, SCAN_HUGE, 0, "9223372036854775808" },
		{ "18446744073709551615", 10, UINT64_MAX, SCAN_OK, UINT64_MAX, "" },
		{ "18446744073709551616", 10, UINT64_MAX, SCAN_HUGE, 0, "18446744073709551616" },
		{ "99999999999999999999999", 10, UINT64_MAX, SCAN_HUGE, 0,
		  "99999999999999999999999" },
		{ "fFg", 16, UINT64_MAX, SCAN_OK, 0xff, "g" },
		{ "1ffffffff", 16, UINT32_MAX, SCAN_HUGE, 0, "1ffffffff" },
		{ "12a", 10, UINT64_MAX, SCAN_OK, 12, "a" },
		{ "", 10, UINT64_MAX, SCAN_NONE, 0, "" },
		{ "-1", 10, UINT64_MAX, SCAN_NONE, 0, "-1" },
		{ "+1", 10, UINT64_MAX, SCAN_NONE, 0, "+1" },
		{ " 1", 10, UINT64_MAX, SCAN_NONE, 0, " 1" },
		{ "0x1", 16, UINT64_MAX, SCAN_OK, 0, "x1" },
	};
	uint64_t value;
	struct scan s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = scan_of(cases[i].text);
		value = 0;
		assert_int_equal(scan_number(&s, cases[i].base, cases[i].max, &value),
				 cases[i].scanned);
		assert_int_equal(value, cases[i].value);
		assert_string_equal(s.at, cases[i].rest);
	}
}

/* The bytes behind the end are another line's. */
static void test_nothing_beyond_the_end(void **state)
{
	const char *text = "12345 reason";
	struct scan s = { text, text + 3 }, before;
	uint64_t value;

	(void)state;
	assert_int_equal(scan_number(&s, 10, UINT64_MAX, &value), SCAN_OK);
	assert_int_equal(value, 123);
	assert_true(scan_done(&s));
	s = (struct scan){ text, text + 9 };
	assert_false(scan_until(&s, " reason", &before));
	assert_ptr_equal(s.at, text);
	s.at = text + 5;
	assert_false(scan_literal(&s, " reason"));
	assert_true(scan_literal(&s, " rea"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_nothing_beyond_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
