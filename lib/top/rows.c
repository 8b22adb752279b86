// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "top/top.h"

const struct choice top_orders[] = {
	[TOP_BY_RATE] = { .name = "rate" },   [TOP_BY_TOTAL] = { .name = "total" },
	[TOP_BY_BUSY] = { .name = "cycles" }, [TOP_BY_NAME] = { .name = "name" },
	[TOP_ORDERS] = { .name = NULL },
};

/* Equal counts of an interval are ordered by the total, so that idle reasons keep their place. */
static int compare(const struct top_row *x, const struct top_row *y, enum top_order order)
{
	uint64_t a = x->delta, b = y->delta;

	if (order == TOP_BY_NAME)
		return strcmp(x->name, y->name);
	if (order == TOP_BY_BUSY) {
		a = x->busy;
		b = y->busy;
	}
	if (order == TOP_BY_TOTAL || a == b) {
		a = x->total;
		b = y->total;
	}
	return (a < b) - (a > b);
}

struct sorting {
	enum top_order order;
	bool reverse;
};

static int by_order(const void *a, const void *b, void *context)
{
	const struct top_row *x = a, *y = b;
	const struct sorting *s = context;
	int c = compare(x, y, s->order);

	if (!c)
		return x->slot < y->slot ? -1 : 1;
	return s->reverse ? -c : c;
}

static bool passes(const struct top_row *row, const char *filter)
{
	return strcasestr(row->name, filter) || strcasestr(row->exit_class, filter) ||
	       strcasestr(row->key, filter);
}

void top_rows(struct top_rows *r, const struct top *t, const struct top_account *a,
	      enum top_order order, bool reverse, const char *filter)
{
	struct sorting sorting = { order, reverse };
	const struct exitprobe_reason *reason;
	struct top_row *row;
	uint32_t slot, code;

	r->rows = 0;
	r->delta = r->total = 0;
	for (slot = 0; slot < exitprobe_slots(t->probe); slot++) {
		r->delta += a->delta[slot];
		r->total += a->total[slot];
		if (!a->total[slot])
			continue;
		code = exitprobe_slot_code(t->probe, slot);
		reason = exitprobe_reason(t->probe->vendor, code);
		row = &r->row[r->rows];
		row->slot = slot;
		exitprobe_key(t->probe->vendor, code, row->key);
		row->name = reason ? reason->name : row->key;
		row->exit_class =
			exitprobe_class_name(reason ? reason->exit_class : EXITPROBE_OTHER);
		row->delta = a->delta[slot];
		row->total = a->total[slot];
		row->busy = a->busy[slot];
		row->total_busy = a->total_busy[slot];
		row->rate = (double)row->delta / t->seconds;
		r->rows += passes(row, filter);
	}
	r->rate = t->seconds > 0 ? (double)r->delta / t->seconds : 0;
	qsort_r(r->row, r->rows, sizeof(r->row[0]), by_order, &sorting);
}

void top_spark(const struct top *t, uint32_t slot, int width, bool utf8, char *text, size_t size)
{
	static const char *const bars[] = { " ",      "\u2581", "\u2582", "\u2583", "\u2584",
					    "\u2585", "\u2586", "\u2587", "\u2588" };
	static const char plain[] = " .:-=+*#@";
	double most = 0, x;
	size_t length = 0;
	int i, level;

	for (i = 0; i < width; i++)
		most = fmax(most, top_past(t, slot, (size_t)i));
	text[0] = 0;
	for (i = width - 1; i >= 0 && length + 4 < size; i--) {
		x = top_past(t, slot, (size_t)i);
		/* Any value above 0 must be visible. */
		level = isnan(x) || x <= 0 ? 0 : (int)fmax(1, round(8 * x / most));
		length += (size_t)snprintf(text + length, size - length, utf8 ? "%s" : "%.1s",
					   utf8 ? bars[level] : plain + level);
	}
}
