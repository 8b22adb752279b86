// SPDX-License-Identifier: MIT
/* Description: the forms of the report hold what was estimated, fit a terminal, and survive hostile
 * names. */
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "estimate/figures.h"
#include "report/report.h"
#include "text/format.h"

#define assert_near(a, b, room) assert_true(fabs((double)(a) - (double)(b)) <= (room))

#define HOSTILE "<script>\"'&,\033[31m\n"

static void load(struct result *r, const char *name)
{
	char path[256], message[256];

	snprintf(path, sizeof(path), TEST_DATA "/%s", name);
	assert_int_equal(result_read(r, path, message, sizeof(message)), 0);
}

static void poison(struct result *r)
{
	struct result_workload *w = &r->workload[0];

	free(w->name);
	free(w->op);
	w->name = strdup(HOSTILE);
	w->op = strdup(HOSTILE);
	w->reason = strdup(HOSTILE);
	w->status = RESULT_PARTIAL;
	result_add_label(r, HOSTILE, HOSTILE);
	free(r->started);
	r->started = strdup(HOSTILE);
}

static char *rendered(const struct result *r, int (*form)(const struct report *, FILE *))
{
	struct report report;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(report_make(&report, &r, NULL, NULL, 1), 0);
	assert_int_equal(form(&report, f), 0);
	report_free(&report);
	fclose(f);
	assert_non_null(text);
	return text;
}

static int plain(const struct report *r, FILE *f)
{
	report_text(r->sides.side[0].result, f, false);
	return 0;
}

static int coloured(const struct report *r, FILE *f)
{
	report_text(r->sides.side[0].result, f, true);
	return 0;
}

static json_t *parsed(const struct result *r)
{
	char *text = rendered(r, report_json);
	json_t *document = json_loads(text, 0, NULL);

	assert_non_null(document);
	free(text);
	return document;
}

/* Member of an array whose `key` is `value`, or NULL. */
static json_t *member(json_t *array, const char *key, const char *value)
{
	const char *text;
	size_t i;

	for (i = 0; i < json_array_size(array); i++) {
		text = json_string_value(json_object_get(json_array_get(array, i), key));
		if (text && !strcmp(text, value))
			return json_array_get(array, i);
	}
	return NULL;
}

static json_t *find(json_t *document, const char *workload)
{
	json_t *w = member(json_object_get(document, "workloads"), "name", workload);

	assert_non_null(w);
	return w;
}

static double get(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

static void assert_text(json_t *object, const char *key, const char *text)
{
	assert_string_equal(json_string_value(json_object_get(object, key)), text);
}

static void json_is_the_fixed_interface(void **state)
{
	json_t *document, *w, *row;
	struct result r;

	(void)state;
	load(&r, "shadow.json");
	document = parsed(&r);
	w = json_object_get(document, "paging");
	assert_text(w, "mode", "shadow");
	assert_text(w, "source", "leaf 0x4fffff01");
	assert_text(w, "fingerprint", "shadow");
	assert_text(document, "vendor", "svm");
	assert_text(json_object_get(document, "environment"), "pti", "off");

	w = find(document, "cr3.pipe");
	assert_text(w, "status", "done");
	assert_text(w, "op", "round trip");
	row = member(json_object_get(w, "per_op"), "reason", "svm:0x13");
	assert_text(row, "name", "WRITE_CR3");
	assert_text(row, "class", "cr-access");
	assert_near(get(row, "est"), 2, 0.002);
	assert_true(get(row, "lo") <= get(row, "est") && get(row, "est") <= get(row, "hi"));
	/* Band and verdict are those of the class. */
	assert_near(get(row, "expected_lo"), 2.2, 1e-9);
	assert_near(get(row, "expected_hi"), 2.3, 1e-9);
	assert_text(row, "verdict", "pass");
	row = member(json_object_get(w, "classes"), "class", "cr-access");
	assert_near(get(row, "est"), 2.25, 0.002);
	assert_near(get(json_object_get(w, "ns_per_op"), "est"), 24000, 200);
	assert_near(get(json_object_get(w, "ns_per_op"), "coverage"), 0.9375, 1e-9);
	assert_near(get(json_object_get(w, "ns_per_op"), "n"), 5, 0);
	assert_true(get(json_object_get(w, "ns_per_op"), "min") <=
		    get(json_object_get(w, "ns_per_op"), "est"));

	/* Expected, never seen: a row that says 0, under the name that people look for. */
	row = member(json_object_get(find(document, "cr3.thread"), "per_op"), "class", "cr-access");
	assert_text(row, "reason", "svm:0x13");
	assert_near(get(row, "est"), 0, 0);
	assert_near(get(row, "hi"), 0.0004, 1e-9);
	assert_text(row, "verdict", "pass");
	/* Neither expected nor seen: no row. */
	assert_null(member(json_object_get(find(document, "cr3.thread"), "per_op"), "class", "io"));

	w = find(document, "io.pio");
	assert_text(w, "status", "skipped");
	assert_true(json_is_null(json_object_get(w, "ns_per_op")));
	assert_int_equal(json_array_size(json_object_get(w, "per_op")), 0);
	assert_non_null(strstr(json_string_value(json_object_get(w, "reason")), "ioperm"));
	json_decref(document);
	result_free(&r);
}

static void json_has_no_made_up_exits(void **state)
{
	json_t *document, *w;
	struct result r;

	(void)state;
	load(&r, "time-only.json");
	document = parsed(&r);
	w = find(document, "cr3.pipe");
	assert_null(json_object_get(w, "per_op"));
	assert_null(json_object_get(w, "classes"));
	assert_non_null(strstr(json_string_value(json_object_get(w, "exits")),
			       "not available: the hypervisor"));
	assert_near(get(json_object_get(w, "ns_per_op"), "est"), 24000, 200);
	assert_true(
		json_is_null(json_object_get(json_object_get(document, "paging"), "fingerprint")));
	json_decref(document);
	/* Without the TSC rate cycles cannot be converted to time. */
	r.calibration.tsc_khz = 0;
	document = parsed(&r);
	w = find(document, "cr3.pipe");
	assert_true(json_is_null(json_object_get(w, "ns_per_op")));
	assert_near(get(json_object_get(w, "cycles_per_op"), "est"), 24000, 200);
	json_decref(document);
	result_free(&r);

	load(&r, "nested.json");
	document = parsed(&r);
	w = member(json_object_get(find(document, "pagefault.anon"), "per_op"), "class",
		   "nested-page-fault");
	assert_text(w, "verdict", "unexpected");
	assert_near(get(w, "est"), 0.125, 0.002);
	w = json_array_get(json_object_get(find(document, "null"), "per_op"), 0);
	assert_true(json_is_null(json_object_get(w, "verdict")));
	assert_true(json_is_null(json_object_get(w, "expected_lo")));
	json_decref(document);
	result_free(&r);
}

static void assert_has(const char *text, const char *words)
{
	if (strstr(text, words))
		return;
	print_error("%s", text);
	fail_msg("'%s' is not in the above", words);
}

static void text_says_what_matters(void **state)
{
	struct result r;
	char *text;

	(void)state;
	load(&r, "nested.json");
	text = rendered(&r, plain);
	assert_has(text, "6.1.0-1-cloud-amd64");
	assert_has(text, "nested (from: leaf 0x4fffff01); the counts agree");
	assert_has(text, "seed 11, 5 repeats");
	assert_has(text, "emulator qemu-tcg");
	assert_has(text, "interval (93.8 %)");
	assert_has(text, "0.125 ~1/8");
	assert_has(text, "UNEXPECTED\n  expected nested-page-fault: test data");
	assert_has(text, "0 (<0.0004)");
	assert_has(text, "SKIPPED: no port may be accessed");
	assert_has(text, "14 as expected, 1 unexpected, 0 unclear");
	assert_null(strchr(text, '\033'));
	free(text);
	text = rendered(&r, coloured);
	assert_has(text, "\033[1;31mUNEXPECTED\033[0m");
	free(text);
	result_free(&r);
	load(&r, "time-only.json");
	text = rendered(&r, plain);
	assert_has(text, "not available: the hypervisor");
	assert_has(text, "23.99 us median of 3");
	assert_null(strstr(text, "exits/op"));
	free(text);
	result_free(&r);
}

static void text_fits_100_columns(void **state)
{
	static const char *const names[] = { "nested.json", "shadow.json", "incomplete.json" };
	char *text, *line, *end;
	struct result r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		load(&r, names[i]);
		text = rendered(&r, plain);
		for (line = text; *line; line = end + 1) {
			end = strchr(line, '\n');
			assert_non_null(end);
			if (end - line > 100)
				fail_msg("%d columns: %.*s", (int)(end - line), (int)(end - line),
					 line);
		}
		free(text);
		result_free(&r);
	}
}

static void hostile_names_do_no_harm(void **state)
{
	json_t *document;
	struct result r;
	char *text;

	(void)state;
	load(&r, "shadow.json");
	poison(&r);
	text = rendered(&r, plain);
	assert_null(strchr(text, '\033'));
	assert_has(text, "<script>\"'&,?[31m?");
	free(text);
	text = rendered(&r, report_html);
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "<script"));
	assert_has(text, "&lt;script&gt;&quot;&#39;&amp;,");
	assert_null(strstr(text, "://"));
	free(text);
	document = parsed(&r);
	assert_non_null(find(document, HOSTILE));
	json_decref(document);
	text = rendered(&r, report_csv);
	assert_has(text, "\n\"<script>\"\"'&,\033[31m\n\",partial,");
	free(text);
	result_free(&r);
}

static void csv_has_the_same_columns_in_every_line(void **state)
{
	struct result r;
	size_t commas, lines = 0;
	bool quoted = false;
	char *text, *at;

	(void)state;
	load(&r, "nested.json");
	text = rendered(&r, report_csv);
	for (at = text, commas = 0; *at; at++) {
		quoted ^= *at == '"';
		commas += *at == ',' && !quoted;
		if (*at != '\n')
			continue;
		assert_int_equal(commas, 16);
		commas = 0;
		lines++;
	}
	assert_true(lines > 30);
	assert_has(text, "pagefault.anon,done,page,exits by class,,,nested-page-fault,0.125");
	assert_has(text, "io.pio,skipped,port read,ns,,,,,,,0,0,,,,,nested paging\n");
	free(text);
	result_free(&r);
}

static const char *shown(double est, double lo, double hi, uint64_t exits)
{
	static char text[FORMAT];
	double blocks[] = { lo, est, hi };
	const struct estimate_value v = { .block = blocks,
					  .interval = { .est = est, .lo = lo, .hi = hi, .n = 3 } };

	return format_exits(&v, exits, text);
}

static void numbers_read_well(void **state)
{
	const struct stats_interval wide = { .lo = -0.0004, .hi = 2.5 };
	const struct stats_interval tight = { .lo = 1.9991, .hi = 2.0003 };
	const struct stats_interval small = { .lo = 0.00051, .hi = 0.00052 };
	const struct stats_interval none = { .lo = NAN, .hi = NAN };
	char text[FORMAT];

	(void)state;
	assert_string_equal(shown(0, 0, 0.0002, 0), "0 (<0.0002)");
	assert_string_equal(shown(2.003, 2.001, 2.004, 9), "2");
	assert_string_equal(shown(1.96, 1.9, 2.1, 9), "2");
	/* However wide the interval: 1.4 is not 1. */
	assert_string_equal(shown(1.4, 0, 3, 9), "1.400");
	assert_string_equal(shown(2.01, 1.2, 3.2, 9), "2.010");
	assert_string_equal(shown(-0.001, -0.003, 0.002, 9), "0");
	/* Small, but not 0. */
	assert_string_equal(shown(0.003, 0.0029, 0.0031, 9), "0.003");
	assert_string_equal(shown(0.1251, 0.125, 0.1252, 9), "0.125 ~1/8");
	assert_string_equal(shown(0.00195, 0.00194, 0.00196, 9), "0.002 ~1/512");
	assert_string_equal(shown(20000.4, 2e4, 20001, 9), "20,000");
	assert_string_equal(shown(NAN, NAN, NAN, 9), "-");
	assert_string_equal(format_interval(&wide, text), "0.000..2.500");
	assert_string_equal(format_interval(&tight, text), "1.999..2.000");
	assert_string_equal(format_interval(&small, text), "0.000510..0.000520");
	assert_string_equal(format_interval(&none, text), "");
	assert_string_equal(format_number(1234567, text), "1,234,567");
	assert_string_equal(format_number(-1234, text), "-1,234");
	assert_string_equal(format_number(12.345, text), "12.35");
	assert_string_equal(format_number(NAN, text), "-");
	assert_string_equal(format_ns(1234, text), "1,234 ns");
	assert_string_equal(format_ns(23456, text), "23.46 us");
	assert_string_equal(format_ns(3e10, text), "30 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_the_fixed_interface),
		cmocka_unit_test(json_has_no_made_up_exits),
		cmocka_unit_test(text_says_what_matters),
		cmocka_unit_test(text_fits_100_columns),
		cmocka_unit_test(hostile_names_do_no_harm),
		cmocka_unit_test(csv_has_the_same_columns_in_every_line),
		cmocka_unit_test(numbers_read_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
