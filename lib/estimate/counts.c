// SPDX-License-Identifier: MIT
#include "estimate/counts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static int by_count(const void *a, const void *b)
{
	const struct counts_row *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->code < y->code ? -1 : 1;
}

static unsigned int defined(const struct result *r)
{
	unsigned int n = 0;

	exitprobe_reasons(r->vendor, &n);
	return n;
}

int counts_make(struct counts *t, const struct result *r, const uint64_t *counts, double seconds)
{
	const struct exitprobe_reason *reason;
	struct counts_row *row;
	unsigned int known = 0;
	size_t i;

	*t = (struct counts){ .seconds = seconds > 0 ? seconds : NAN };
	if (!counts)
		return 0;
	t->row = calloc(r->reasons + 1, sizeof(*t->row));
	if (!t->row)
		return -ENOMEM;
	for (i = 0; i < r->reasons; i++) {
		if (!counts[i])
			continue;
		reason = exitprobe_reason(r->vendor, r->reason[i]);
		row = &t->row[t->rows++];
		row->code = r->reason[i];
		exitprobe_key(r->vendor, row->code, row->key);
		row->name = reason ? reason->name : row->key;
		row->exit_class = reason ? reason->exit_class : EXITPROBE_OTHER;
		row->count = counts[i];
		known += reason && row->code != EXITPROBE_CODE_OTHER;
		t->total += counts[i];
		t->exit_class[row->exit_class] += counts[i];
	}
	if (r->dump && counts == r->after && result_exits(r) > t->total) {
		t->unlisted = result_exits(r) - t->total;
		t->total += t->unlisted;
	}
	t->absent = defined(r) - known;
	qsort(t->row, t->rows, sizeof(*t->row), by_count);
	return 0;
}

void counts_free(struct counts *t)
{
	free(t->row);
	*t = (struct counts){ 0 };
}

double counts_share(const struct counts *t, uint64_t count)
{
	return t->total ? (double)count / (double)t->total : NAN;
}

double counts_per_second(const struct counts *t)
{
	return (double)t->total / t->seconds;
}
