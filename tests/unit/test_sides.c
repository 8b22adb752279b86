// SPDX-License-Identifier: MIT
/* Description: a report of several files is right: labels, counts, exit times, changes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "estimate/changes.h"
#include "estimate/sides.h"
#include "summary/summary.h"

struct pair {
	struct result r[2];
	struct sides s;
	struct summary summary;
};

static void load(struct result *r, const char *name)
{
	char path[256], message[256];

	snprintf(path, sizeof(path), TEST_DATA "/%s", name);
	assert_int_equal(result_read(r, path, message, sizeof(message)), 0);
}

static void load_pair(struct pair *p, const char *a, const char *b)
{
	const struct result *list[] = { &p->r[0], &p->r[1] };

	load(&p->r[0], a);
	load(&p->r[1], b);
	assert_int_equal(sides_make(&p->s, list, NULL, NULL, 2), 0);
	assert_int_equal(summary_make(&p->summary, &p->s), 0);
}

static void drop_pair(struct pair *p)
{
	summary_free(&p->summary);
	sides_free(&p->s);
	result_free(&p->r[0]);
	result_free(&p->r[1]);
}

/* Text of the first sentence with this key, to free(). */
static char *sentence(const struct summary *s, const char *key)
{
	size_t i;

	for (i = 0; i < s->sentences; i++)
		if (!strcmp(s->sentence[i].key, key))
			return sentence_text(&s->sentence[i]);
	fail_msg("no sentence '%s'", key);
	return NULL;
}

static void assert_says(const struct summary *s, const char *key, const char *words)
{
	char *text = sentence(s, key);

	if (!strstr(text, words))
		fail_msg("'%s' is not in: %s", words, text);
	free(text);
}

static void labels_tell_sides_apart(void **state)
{
	struct pair p;

	(void)state;
	load_pair(&p, "nested.json", "shadow.json");
	assert_string_equal(p.s.side[0].label, "nested paging");
	assert_string_equal(p.s.side[1].label, "shadow paging");
	drop_pair(&p);
	load_pair(&p, "nested.json", "incomplete.json");
	assert_string_equal(p.s.side[0].label, "nested");
	assert_string_equal(p.s.side[1].label, "incomplete");
	drop_pair(&p);
	load_pair(&p, "shadow.json", "shadow.json");
	assert_string_not_equal(p.s.side[0].label, p.s.side[1].label);
	drop_pair(&p);
}

static void tallies_hold_what_the_file_holds(void **state)
{
	const struct counts *t;
	struct pair p;

	(void)state;
	load_pair(&p, "nested.json", "shadow.json");
	t = side_boot(&p.s.side[1]);
	/* tests/data/generate: HLT 200, #PF 8493, INVLPG 40432, CR3 writes 6962. */
	assert_int_equal(t->total, 56087);
	assert_int_equal(t->rows, 4);
	assert_string_equal(t->row[0].name, "INVLPG");
	assert_int_equal(t->exit_class[EXITPROBE_CR_ACCESS], 6962);
	assert_true(fabs(counts_per_second(t) - 56087 / 5.25) < 1e-9);
	assert_true(fabs(counts_share(t, t->row[0].count) - 40432. / 56087) < 1e-12);
	/* Not recorded on this side. */
	assert_true(isnan(counts_per_second(side_boot(&p.s.side[0]))));
	drop_pair(&p);
}

static void handling_times_come_from_windows_and_histograms(void **state)
{
	const struct exit_time_row *row;
	struct exit_time h;
	struct result r;
	size_t i, j, cpuid = 0;

	(void)state;
	load(&r, "shadow.json");
	while (r.reason[cpuid] != 0x72)
		cpuid++;
	for (i = 0; i < r.workloads; i++)
		for (j = 0; j < r.workload[i].samples; j++) {
			r.workload[i].sample[j].busy = calloc(r.reasons, sizeof(uint64_t));
			r.workload[i].sample[j].busy[cpuid] = 1000;
		}
	assert_int_equal(exit_time_make(&h, &r), 0);
	assert_true(h.histograms);
	assert_int_equal(h.first, 12);
	assert_int_equal(h.last, 20);
	/* Only CPUID has busy time; its exits are 15,000 and 9 of the probe in each of 140
	 * windows. */
	row = &h.row[0];
	assert_string_equal(row->name, "CPUID");
	assert_int_equal(row->exits, 15000 + 9 * 140);
	assert_int_equal(row->cycles, 140000);
	assert_int_equal(row->seen, 15000);
	assert_int_equal(row->bucket[12] + row->bucket[13] + row->bucket[20], row->seen);
	exit_time_free(&h);
	result_free(&r);
}

static void changes_are_what_intervals_tell_apart(void **state)
{
	struct changes c;
	struct pair p;

	(void)state;
	load_pair(&p, "nested.json", "shadow.json");
	assert_int_equal(changes_make(&c, &p.s.side[0], &p.s.side[1]), 0);
	assert_int_equal(c.changes, 7);
	assert_int_equal(c.more, 2);
	assert_int_equal(c.less, 1);
	assert_string_equal(c.change[0].a->w->name, "cr3.pipe");
	assert_int_equal(c.change[0].direction[EXITPROBE_CR_ACCESS], 1);
	assert_string_equal(c.change[1].a->w->name, "pagefault.anon");
	assert_int_equal(c.change[1].direction[EXITPROBE_PAGE_FAULT], 1);
	assert_int_equal(c.change[1].direction[EXITPROBE_NESTED_PAGE_FAULT], -1);
	assert_true(fabs(c.change[1].total_b - 2) < 0.01);
	changes_free(&c);
	assert_says(&p.summary, "unchanged", "cpuid.leaf0 1 and 1");
	assert_says(&p.summary, "boot_ratio", "there were x26.9 the exits of nested paging (A)");
	assert_says(&p.summary, "unexpected",
		    "pagefault.anon: 0.125 exits of class nested-page-fault");
	drop_pair(&p);
	/* A side does not differ from itself. */
	load_pair(&p, "shadow.json", "shadow.json");
	assert_int_equal(changes_make(&c, &p.s.side[0], &p.s.side[1]), 0);
	assert_int_equal(c.more + c.less, 0);
	changes_free(&c);
	drop_pair(&p);
}

static void what_was_not_counted_is_not_summed(void **state)
{
	const struct result *list[1];
	struct summary summary;
	struct sides s;
	struct result r;
	size_t i;

	(void)state;
	load(&r, "time-only.json");
	list[0] = &r;
	assert_int_equal(sides_make(&s, list, NULL, NULL, 1), 0);
	assert_int_equal(summary_make(&summary, &s), 0);
	for (i = 0; i < s.side[0].e.workloads; i++)
		assert_true(isnan(s.side[0].total[i].est));
	assert_null(side_boot(&s.side[0]));
	assert_says(&summary, "measured", "times only, no exits");
	assert_says(&summary, "paging", "exits were not available: the hypervisor");
	summary_free(&summary);
	sides_free(&s);
	result_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_tell_sides_apart),
		cmocka_unit_test(tallies_hold_what_the_file_holds),
		cmocka_unit_test(handling_times_come_from_windows_and_histograms),
		cmocka_unit_test(changes_are_what_intervals_tell_apart),
		cmocka_unit_test(what_was_not_counted_is_not_summed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
