// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "boot/boot.h"
#include "result/utf8.h"
#include "text/format.h"
#include "text/style.h"

#define MARKS 6 /* that fit a terminal's width; the last ones are shown */

struct table {
	const struct result_sample *mark[MARKS];
	const char *name[MARKS];
	size_t marks;
};

static const struct result_sample *way_to(const struct result_workload *w)
{
	size_t i;

	for (i = 0; i < w->samples; i++)
		if (w->sample[i].ops == 1 && w->sample[i].exits)
			return &w->sample[i];
	return NULL;
}

static void collect(struct table *t, const struct result *r)
{
	const size_t length = strlen(BOOT_PREFIX);
	const struct result_sample *s;
	size_t i;

	for (i = 0; i < r->workloads; i++) {
		s = way_to(&r->workload[i]);
		if (!s || strncmp(r->workload[i].name, BOOT_PREFIX, length))
			continue;
		if (t->marks == MARKS) {
			t->marks--;
			memmove(t->mark, t->mark + 1, t->marks * sizeof(*t->mark));
			memmove(t->name, t->name + 1, t->marks * sizeof(*t->name));
		}
		t->mark[t->marks] = s;
		t->name[t->marks++] = r->workload[i].name + length;
	}
}

static uint64_t in_all(const struct table *t, size_t reason)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < t->marks; i++)
		sum += t->mark[i]->exits[reason];
	return sum;
}

static void put_sums(const struct table *t, const struct result *r, FILE *out)
{
	char number[FORMAT];
	uint64_t sum;
	size_t i, j;

	fprintf(out, "%-22s", "all");
	for (i = 0; i < t->marks; i++) {
		for (j = 0, sum = 0; j < r->reasons; j++)
			sum += t->mark[i]->exits[j];
		fprintf(out, " %11s", format_number((double)sum, number));
	}
	fprintf(out, "\n%-22s", "seconds");
	for (i = 0; i < t->marks && r->calibration.tsc_khz > 0; i++)
		fprintf(out, " %11.3f", (double)t->mark[i]->cycles / r->calibration.tsc_khz / 1e3);
	fputc('\n', out);
}

static void put_row(const struct table *t, const struct result *r, size_t reason, FILE *out)
{
	const struct exitprobe_reason *about = exitprobe_reason(r->vendor, r->reason[reason]);
	char key[24], number[FORMAT];
	size_t i;

	exitprobe_key(r->vendor, r->reason[reason], key);
	fprintf(out, "%-22.22s", about ? about->name : key);
	for (i = 0; i < t->marks; i++)
		fprintf(out, " %11s", format_number((double)t->mark[i]->exits[reason], number));
	fputc('\n', out);
}

/* The most frequent reason not printed yet: with few rows, sorting is not worth it. */
static size_t next_reason(const struct table *t, const struct result *r, bool *done)
{
	size_t i, best = r->reasons;

	for (i = 0; i < r->reasons; i++)
		if (!done[i] && in_all(t, i) &&
		    (best == r->reasons || in_all(t, i) > in_all(t, best)))
			best = i;
	if (best < r->reasons)
		done[best] = true;
	return best;
}

bool boot_show(const struct result *r, FILE *out)
{
	bool *done = calloc(r->reasons + 1, sizeof(*done));
	struct table t = { .marks = 0 };
	char clean[32];
	size_t i;

	collect(&t, r);
	if (t.marks && done) {
		fprintf(out, "%-22s", "exits up to the mark");
		for (i = 0; i < t.marks; i++)
			fprintf(out, " %11.11s", utf8_printable(t.name[i], clean, sizeof(clean)));
		fputc('\n', out);
		while ((i = next_reason(&t, r, done)) < r->reasons)
			put_row(&t, r, i, out);
		put_sums(&t, r, out);
	}
	free(done);
	return t.marks > 0;
}
