// SPDX-License-Identifier: MIT
/* Description: two files side by side: effects, certainty, and whatever else differs. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/compare_formats.h"

#define assert_near(a, b, room) assert_true(fabs((double)(a) - (double)(b)) <= (room))

struct pair {
	struct result a, b;
	struct estimate x, y;
	struct compare c;
};

static void load(struct pair *p, const char *a, const char *b)
{
	char path[256], message[256];

	snprintf(path, sizeof(path), TEST_DATA "/%s", a);
	assert_int_equal(result_read(&p->a, path, message, sizeof(message)), 0);
	snprintf(path, sizeof(path), TEST_DATA "/%s", b);
	assert_int_equal(result_read(&p->b, path, message, sizeof(message)), 0);
}

static int compare(struct pair *p, const char *axis)
{
	assert_int_equal(estimate_make(&p->x, &p->a), 0);
	assert_int_equal(estimate_make(&p->y, &p->b), 0);
	return compare_make(&p->c, &p->x, &p->y, axis);
}

static void forget(struct pair *p)
{
	compare_free(&p->c);
	estimate_free(&p->x);
	estimate_free(&p->y);
}

static void unload(struct pair *p)
{
	forget(p);
	result_free(&p->a);
	result_free(&p->b);
}

static const struct compare_row *find(const struct pair *p, const char *workload,
				      enum exitprobe_class exit_class)
{
	size_t i;

	for (i = 0; i < p->c.rows; i++)
		if (!strcmp(p->c.row[i].workload->w->name, workload) &&
		    p->c.row[i].family != COMPARE_TIMES && p->c.row[i].exit_class == exit_class)
			return &p->c.row[i];
	fail_msg("no row of %s", workload);
	return NULL;
}

static const struct compare_row *find_time(const struct pair *p, const char *workload)
{
	size_t i;

	for (i = 0; i < p->c.rows; i++)
		if (!strcmp(p->c.row[i].workload->w->name, workload) &&
		    p->c.row[i].family == COMPARE_TIMES)
			return &p->c.row[i];
	fail_msg("no time of %s", workload);
	return NULL;
}

struct heard {
	char text[4096];
};

static void hear(void *context, const char *text)
{
	struct heard *h = context;
	size_t length = strlen(h->text);

	snprintf(h->text + length, sizeof(h->text) - length, "%s\n", text);
}

static const char *warnings(const struct pair *p, struct heard *h)
{
	h->text[0] = 0;
	compare_warnings(&p->c, hear, h);
	return h->text;
}

/* Windows of 1 to 8 operations, and on one side an exit that only the largest have. */
static void few_operations(void **state)
{
	struct result_workload *w;
	const struct compare_row *row;
	uint32_t exits, slot = 0;
	struct pair p;
	size_t i;

	(void)state;
	for (exits = 1; exits <= 3; exits += 2) {
		load(&p, "shadow.json", "shadow.json");
		while (p.b.reason[slot] != 0x13)
			slot++;
		for (w = p.b.workload; strcmp(w->name, "cr3.thread"); w++)
			;
		for (i = 0; i < w->samples; i++)
			p.a.workload[w - p.b.workload].sample[i].ops /= 100;
		for (i = 0; i < w->samples; i++) {
			w->sample[i].ops /= 100;
			w->sample[i].exits[slot] += w->sample[i].ops == 8 ? exits : 0;
		}
		assert_int_equal(compare(&p, NULL), 0);
		row = find(&p, "cr3.thread", EXITPROBE_CR_ACCESS);
		assert_true(row->q <= COMPARE_LEVEL && row->shift.est >= COMPARE_EXITS);
		assert_near(row->resolution, 1 / 7., 1e-9);
		assert_int_equal(row->verdict, exits == 1 ? COMPARE_SAME : COMPARE_DIFFERS);
		unload(&p);
	}
}

static void nested_against_shadow(void **state)
{
	const struct compare_row *row;
	struct heard h;
	struct pair p;
	size_t i;

	(void)state;
	load(&p, "nested.json", "shadow.json");
	assert_int_equal(compare(&p, NULL), 0);
	assert_string_equal(p.c.axis->name, "paging");
	assert_string_equal(p.c.axis->a, "nested");
	assert_string_equal(p.c.axis->b, "shadow");
	assert_string_equal(warnings(&p, &h), "");

	row = find(&p, "cr3.pipe", EXITPROBE_CR_ACCESS);
	assert_near(row->shift.est, 2.25, 0.002);
	assert_true(isnan(row->ratio)); /* from nothing */
	assert_near(row->p, 2. / 252, 1e-9);
	assert_true(row->q <= 0.05);
	assert_int_equal(row->verdict, COMPARE_DIFFERS);
	/* From 1/8 to nothing there is a ratio. */
	row = find(&p, "pagefault.anon", EXITPROBE_NESTED_PAGE_FAULT);
	assert_near(row->ratio, 0, 1e-9);
	assert_near(row->shift.est, -0.125, 0.002);
	assert_int_equal(row->verdict, COMPARE_DIFFERS);
	/* The natural control: exactly the same, so there is nothing to test. */
	row = find(&p, "cpuid.leaf0", EXITPROBE_CPUID);
	assert_true(isnan(row->p) && isnan(row->q));
	assert_near(row->ratio, 1, 1e-9);
	assert_int_equal(row->verdict, COMPARE_SAME);
	row = find_time(&p, "cr3.pipe");
	assert_int_equal(row->verdict, COMPARE_SAME);
	assert_near(row->a.value.interval.est, 24000, 200);
	/* Background is tested, but not shown. */
	row = find(&p, "cr3.pipe", EXITPROBE_MSR);
	assert_int_equal(row->family, COMPARE_OTHER);
	assert_false(compare_visible(row));
	/* A value that may be 0 is not a base for a ratio. */
	for (i = 0; i < p.c.rows; i++)
		if (p.c.row[i].family == COMPARE_OTHER && p.c.row[i].a.value.interval.lo <= 0)
			assert_true(isnan(p.c.row[i].ratio));
	unload(&p);
}

/* Every window of a workload takes this many cycles per op, and in each block a few more. */
static void set_time(struct result *r, const char *workload, uint64_t cycles)
{
	struct result_workload *w = (struct result_workload *)result_find(r, workload);
	size_t i;

	for (i = 0; i < w->samples; i++)
		w->sample[i].cycles = w->sample[i].ops * (cycles + w->sample[i].repeat);
}

static void size_and_certainty_are_both_needed(void **state)
{
	const struct compare_row *row;
	struct pair p;

	(void)state;
	load(&p, "nested.json", "nested.json");
	set_time(&p.a, "cpuid.leaf0", 12000);
	set_time(&p.b, "cpuid.leaf0", 12120);
	assert_int_equal(compare(&p, NULL), 0);
	row = find_time(&p, "cpuid.leaf0");
	assert_near(row->p, 2. / 252, 1e-9);
	assert_near(compare_size(row), 0.01, 0.001);
	assert_int_equal(row->verdict, COMPARE_SAME);
	forget(&p);
	/* Big enough; but the least p of five repeats, in one of seven times, may be luck... */
	set_time(&p.b, "cpuid.leaf0", 12360);
	assert_int_equal(compare(&p, NULL), 0);
	row = find_time(&p, "cpuid.leaf0");
	assert_near(row->q, 7 * 2. / 252, 1e-9);
	assert_int_equal(row->verdict, COMPARE_UNDECIDED);
	forget(&p);
	/* ...in two of seven hardly. */
	set_time(&p.a, "rdtsc", 40000);
	set_time(&p.b, "rdtsc", 30000);
	assert_int_equal(compare(&p, NULL), 0);
	row = find_time(&p, "cpuid.leaf0");
	assert_near(row->q, 7 * 2. / 252 / 2, 1e-9);
	assert_int_equal(row->verdict, COMPARE_DIFFERS);
	assert_near(row->ratio, 1.03, 0.001);
	assert_near(compare_size(find_time(&p, "rdtsc")), -0.25, 0.001);
	assert_int_equal(find_time(&p, "rdtsc")->verdict, COMPARE_DIFFERS);
	unload(&p);
}

/* A large difference of medians with overlapping repeats is noise, not a future finding. */
static void noise_is_no_difference(void **state)
{
	const struct compare_row *row;
	struct result_workload *w;
	struct pair p;
	size_t i;

	(void)state;
	load(&p, "nested.json", "nested.json");
	w = (struct result_workload *)result_find(&p.b, "cpuid.leaf0");
	for (i = 0; i < w->samples; i++)
		w->sample[i].cycles = w->sample[i].ops * (w->sample[i].repeat % 2 ? 11000 : 13000);
	assert_int_equal(compare(&p, NULL), 0);
	row = find_time(&p, "cpuid.leaf0");
	assert_true(compare_size(row) > 0.05);
	assert_near(row->shift.est, row->b.value.interval.est - row->a.value.interval.est, 1e-9);
	assert_true(row->p > 0.05);
	assert_int_equal(row->verdict, COMPARE_SAME);
	unload(&p);
}

static void families_are_corrected_apart(void **state)
{
	size_t i, tested[COMPARE_FAMILIES] = { 0 };
	struct pair p;
	double p_max = 0, q_max = 0;

	(void)state;
	load(&p, "nested.json", "shadow.json");
	assert_int_equal(compare(&p, NULL), 0);
	for (i = 0; i < p.c.rows; i++) {
		tested[p.c.row[i].family] += !isnan(p.c.row[i].p);
		assert_true(isnan(p.c.row[i].q) || p.c.row[i].q >= p.c.row[i].p);
		if (p.c.row[i].family == COMPARE_TIMES) {
			p_max = fmax(p_max, p.c.row[i].p);
			q_max = fmax(q_max, p.c.row[i].q);
		}
	}
	/* page-fault and nested-page-fault of pagefault.anon, cr-access of cr3.pipe. */
	assert_int_equal(tested[COMPARE_DECLARED], 3);
	assert_int_equal(tested[COMPARE_TIMES], 7);
	assert_near(p_max, q_max, 1e-12);
	for (i = 0; i < COMPARE_FAMILIES; i++)
		assert_int_equal(tested[i], p.c.tested[i]);
	unload(&p);
}

static void too_few_repeats_are_said(void **state)
{
	const struct compare_row *row;
	struct heard h;
	struct pair p;

	(void)state;
	load(&p, "incomplete.json", "shadow.json");
	assert_int_equal(compare(&p, NULL), 0);
	row = find(&p, "pagefault.anon", EXITPROBE_PAGE_FAULT);
	assert_near(row->shift.est, 2, 0.01);
	assert_int_equal(row->verdict, COMPARE_UNDECIDED);
	warnings(&p, &h);
	assert_non_null(strstr(h.text, "with 1 and 5 repeats p cannot be below 0.17"));
	assert_non_null(strstr(h.text, "--repeat 5 or more"));
	assert_non_null(strstr(h.text, "A: the run was not completed"));
	unload(&p);
}

static void set_fact(struct result *r, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < r->labels; i++)
		if (!strcmp(r->label[i].name, name)) {
			free(r->label[i].value);
			r->label[i].value = strdup(value);
			return;
		}
	assert_int_equal(result_add_label(r, name, "%s", value), 0);
}

static void whatever_else_differs_is_named(void **state)
{
	struct heard h;
	struct pair p;

	(void)state;
	load(&p, "nested.json", "shadow.json");
	set_fact(&p.b, "guest_kernel", "6.12.0");
	set_fact(&p.b, "pti", "on");
	set_fact(&p.a, "extra", "here");
	p.b.abi = 2;
	assert_int_equal(compare(&p, NULL), 0);
	assert_string_equal(p.c.axis->name, "paging");
	warnings(&p, &h);
	assert_non_null(
		strstr(h.text, "guest_kernel differs too: 6.1.0-1-cloud-amd64 in A, 6.12.0"));
	assert_non_null(strstr(h.text, "pti differs too: off in A, on in B"));
	assert_non_null(strstr(h.text, "extra differs too: here in A, not recorded in B"));
	assert_non_null(strstr(h.text, "abi differs too: 1 in A, 2 in B"));
	assert_null(strstr(h.text, "thp"));
	assert_null(strstr(h.text, "paging differs"));
	forget(&p);
	/* Differences that the user names are intended. */
	assert_int_equal(compare(&p, "guest_kernel"), 0);
	warnings(&p, &h);
	assert_non_null(strstr(h.text, "paging differs too"));
	assert_null(strstr(h.text, "guest_kernel differs"));
	forget(&p);
	assert_int_equal(compare(&p, "thp"), -ENOENT);
	unload(&p);

	load(&p, "nested.json", "nested.json");
	assert_int_equal(compare(&p, NULL), 0);
	assert_null(p.c.axis);
	assert_int_equal(p.c.labels, 0);
	forget(&p);
	set_fact(&p.b, "thp", "never");
	assert_int_equal(compare(&p, NULL), 0);
	assert_string_equal(p.c.axis->name, "thp");
	forget(&p);
	set_fact(&p.b, "pti", "on");
	assert_int_equal(compare(&p, NULL), 0);
	assert_null(p.c.axis);
	assert_non_null(strstr(warnings(&p, &h), "--axis"));
	unload(&p);
}

static void what_cannot_be_compared_is_named(void **state)
{
	struct result_workload *w;
	struct heard h;
	struct pair p;
	size_t i;

	(void)state;
	load(&p, "mixed.json", "time-only.json");
	assert_int_equal(compare(&p, NULL), 0);
	for (i = 0; i < p.c.rows; i++)
		assert_int_equal(p.c.row[i].family, COMPARE_TIMES);
	warnings(&p, &h);
	assert_non_null(strstr(h.text, "A: mixed paging modes"));
	assert_non_null(strstr(h.text, "B has no exits, so only times are compared"));
	unload(&p);

	load(&p, "nested.json", "nested.json");
	w = (struct result_workload *)result_find(&p.b, "pagefault.anon");
	w->mechanism = strdup("mremap");
	assert_int_equal(result_add_parameter(w, "pages", 5), 0);
	w = (struct result_workload *)result_find(&p.a, "pagefault.anon");
	assert_int_equal(result_add_parameter(w, "pages", 6), 0);
	free(p.b.workload[0].name);
	p.b.workload[0].name = strdup("renamed");
	assert_int_equal(compare(&p, NULL), 0);
	warnings(&p, &h);
	assert_non_null(strstr(h.text, "done by its only way in A and by mremap in B"));
	assert_non_null(strstr(h.text, "pages is 6 in A and 5 in B"));
	assert_non_null(strstr(h.text, "2 workloads are in one file only"));
	unload(&p);
}

static void text_shows_effect_then_certainty(void **state)
{
	char *text = NULL, *line, *end;
	struct comparison all;
	struct pair p;
	size_t size;
	FILE *out;

	(void)state;
	load(&p, "nested.json", "shadow.json");
	/* A longer path must not change the width. */
	free(p.a.path);
	free(p.b.path);
	p.a.path = strdup("a.json");
	p.b.path = strdup("b.json");
	assert_int_equal(compare(&p, NULL), 0);
	assert_int_equal(comparison_make(&all, &p.c, 1, NULL), 0);
	out = open_memstream(&text, &size);
	compare_text(&all, out, false);
	fclose(out);
	comparison_free(&all);
	assert_non_null(text);
	assert_non_null(strstr(text, "what differs: paging, nested in A and shadow in B"));
	assert_non_null(strstr(text, "times are those of an emulator"));
	assert_non_null(strstr(text, "3 classes of exits and 0 times differ"));
	/* Four of 25 differences beyond either end: 1 - 14/252. */
	assert_non_null(strstr(text, "interval (94.4 %)"));
	line = strstr(text, "cr3.pipe, per round trip (n = 5 and 5)");
	assert_non_null(line);
	line = strstr(line, "cr-access");
	end = strchr(line, '\n');
	*end = 0;
	assert_non_null(strstr(line, "0 (<0.0004)"));
	assert_non_null(strstr(line, "+2.250"));
	assert_non_null(strstr(line, "0.008 more"));
	assert_null(strchr(line, 'x'));
	*end = '\n';
	for (line = text; *line; line = end + 1) {
		end = strchr(line, '\n');
		assert_true(end - line <= 100);
	}
	free(text);
	unload(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_operations),
		cmocka_unit_test(nested_against_shadow),
		cmocka_unit_test(size_and_certainty_are_both_needed),
		cmocka_unit_test(noise_is_no_difference),
		cmocka_unit_test(families_are_corrected_apart),
		cmocka_unit_test(too_few_repeats_are_said),
		cmocka_unit_test(whatever_else_differs_is_named),
		cmocka_unit_test(what_cannot_be_compared_is_named),
		cmocka_unit_test(text_shows_effect_then_certainty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
