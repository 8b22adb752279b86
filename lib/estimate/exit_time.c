// SPDX-License-Identifier: MIT
#include "estimate/exit_time.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static int by_cycles(const void *a, const void *b)
{
	const struct exit_time_row *x = a, *y = b;

	if (x->cycles != y->cycles)
		return x->cycles > y->cycles ? -1 : 1;
	return x->code < y->code ? -1 : 1;
}

static void add_sample(struct exit_time *h, const struct result *r, const struct result_sample *s)
{
	struct exit_time_row *row;
	size_t i;

	for (i = 0; i < r->reasons; i++) {
		row = &h->row[i];
		row->exits += s->exits[i];
		row->cycles += s->busy[i];
		if (row->exit_class == EXITPROBE_CPUID)
			row->exits += r->calibration.bracket_cost;
	}
}

static void add_buckets(struct exit_time *h, struct exit_time_row *row, const uint64_t *bucket)
{
	unsigned int i;

	row->bucket = bucket;
	for (i = 0; i < RESULT_BUCKETS; i++) {
		if (!bucket[i])
			continue;
		if (!row->seen)
			row->first = i;
		row->last = i;
		row->seen += bucket[i];
	}
	if (!row->seen)
		return;
	if (!h->histograms || row->first < h->first)
		h->first = row->first;
	if (!h->histograms || row->last > h->last)
		h->last = row->last;
	h->histograms = true;
}

static void name_rows(struct exit_time *h, const struct result *r)
{
	const struct exitprobe_reason *reason;
	struct exit_time_row *row;
	size_t i;

	for (i = 0; i < r->reasons; i++) {
		row = &h->row[i];
		row->code = r->reason[i];
		reason = exitprobe_reason(r->vendor, row->code);
		exitprobe_key(r->vendor, row->code, row->key);
		row->name = reason ? reason->name : row->key;
		row->exit_class = reason ? reason->exit_class : EXITPROBE_OTHER;
		if (r->histogram)
			add_buckets(h, row, r->histogram + i * RESULT_BUCKETS);
	}
}

static void keep_what_was_seen(struct exit_time *h, size_t reasons)
{
	size_t i;

	for (i = 0; i < reasons; i++) {
		h->cycles += h->row[i].cycles;
		if (h->row[i].cycles || h->row[i].seen)
			h->row[h->rows++] = h->row[i];
	}
	qsort(h->row, h->rows, sizeof(*h->row), by_cycles);
}

int exit_time_make(struct exit_time *h, const struct result *r)
{
	const struct result_workload *w;
	size_t i, j;

	*h = (struct exit_time){ .ns_per_cycle = r->host_tsc_khz ? 1e6 / r->host_tsc_khz : NAN };
	h->row = calloc(r->reasons + 1, sizeof(*h->row));
	if (!h->row)
		return -ENOMEM;
	name_rows(h, r);
	for (i = 0; i < r->workloads; i++) {
		w = &r->workload[i];
		for (j = 0; j < w->samples; j++)
			if (w->sample[j].exits && w->sample[j].busy)
				add_sample(h, r, &w->sample[j]);
	}
	keep_what_was_seen(h, r->reasons);
	return 0;
}

void exit_time_free(struct exit_time *h)
{
	free(h->row);
	*h = (struct exit_time){ 0 };
}

double exit_time_mean(const struct exit_time_row *row)
{
	return row->exits ? (double)row->cycles / (double)row->exits : NAN;
}
