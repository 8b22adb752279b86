// SPDX-License-Identifier: MIT
#include "estimate/exit_time.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static int by_cycles(const void *a, const void *b)
{
	const struct handling_row *x = a, *y = b;

	if (x->cycles != y->cycles)
		return x->cycles > y->cycles ? -1 : 1;
	return x->code < y->code ? -1 : 1;
}

static void add_sample(struct handling *h, const struct result *r, const struct result_sample *s)
{
	struct handling_row *row;
	size_t i;

	for (i = 0; i < r->reasons; i++) {
		row = &h->row[i];
		row->exits += s->exits[i];
		row->cycles += s->busy[i];
		if (row->class == EXITPROBE_CPUID)
			row->exits += r->calibration.bracket_cost;
	}
}

static void add_buckets(struct handling *h, struct handling_row *row, const uint64_t *bucket)
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

static void name_rows(struct handling *h, const struct result *r)
{
	const struct exitprobe_reason *reason;
	struct handling_row *row;
	size_t i;

	for (i = 0; i < r->reasons; i++) {
		row = &h->row[i];
		row->code = r->reason[i];
		reason = exitprobe_reason(r->vendor, row->code);
		exitprobe_key(r->vendor, row->code, row->key);
		row->name = reason ? reason->name : row->key;
		row->class = reason ? reason->class : EXITPROBE_OTHER;
		if (r->histogram)
			add_buckets(h, row, r->histogram + i * RESULT_BUCKETS);
	}
}

static void keep_what_was_seen(struct handling *h, size_t reasons)
{
	size_t i;

	for (i = 0; i < reasons; i++) {
		h->cycles += h->row[i].cycles;
		if (h->row[i].cycles || h->row[i].seen)
			h->row[h->rows++] = h->row[i];
	}
	qsort(h->row, h->rows, sizeof(*h->row), by_cycles);
}

int handling_make(struct handling *h, const struct result *r)
{
	const struct result_workload *w;
	size_t i, j;

	*h = (struct handling){ .ns_per_cycle = r->host_tsc_khz ? 1e6 / r->host_tsc_khz : NAN };
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

void handling_free(struct handling *h)
{
	free(h->row);
	*h = (struct handling){ 0 };
}

double handling_mean(const struct handling_row *row)
{
	return row->exits ? (double)row->cycles / (double)row->exits : NAN;
}
