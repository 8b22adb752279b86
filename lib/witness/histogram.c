// SPDX-License-Identifier: MIT
#include "witness/histogram.h"

#include <inttypes.h>
#include <stdlib.h>

/* "{ common_pid:        126, exit_reason:         70 } hitcount:          1" */
static bool read_bucket(struct scan *s, bool reasons, struct bucket *b)
{
	uint64_t reason = 0;

	if (!scan_literal(s, "{ common_pid:"))
		return false;
	scan_blanks(s);
	if (scan_number(s, 10, INT32_MAX, &b->thread))
		return false;
	if (reasons) {
		if (!scan_literal(s, ", exit_reason:"))
			return false;
		scan_blanks(s);
		if (scan_number(s, 10, UINT32_MAX, &reason))
			return false;
	}
	b->reason = (uint32_t)reason;
	if (!scan_literal(s, " } hitcount:"))
		return false;
	scan_blanks(s);
	if (scan_number(s, 10, INT64_MAX, &b->count))
		return false;
	scan_blanks(s);
	return scan_done(s);
}

static int add_bucket(struct histogram *h, const struct bucket *b, struct fault *f)
{
	struct bucket *grown;

	if (h->buckets == h->room) {
		h->room = h->room ? 2 * h->room : 64;
		grown = reallocarray(h->bucket, h->room, sizeof(*grown));
		if (!grown)
			return fault_memory(f);
		h->bucket = grown;
	}
	h->bucket[h->buckets++] = *b;
	return 0;
}

/* Each comes once. */
static bool read_total(struct scan *s, const char *label, struct own_total *total)
{
	if (total->given || !scan_literal(s, label) ||
	    scan_number(s, 10, INT64_MAX, &total->value) || !scan_done(s))
		return false;
	total->given = true;
	return true;
}

static bool read_remark(struct histogram *h, struct scan *s)
{
	if (scan_done(s) || *s->at == '#')
		return true;
	if (scan_literal(s, "Totals:"))
		return scan_done(s);
	return read_total(s, "    Hits: ", &h->hits) ||
	       read_total(s, "    Entries: ", &h->entries) ||
	       read_total(s, "    Dropped: ", &h->dropped);
}

static int compare_buckets(const void *a, const void *b)
{
	const struct bucket *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return x->reason < y->reason ? -1 : x->reason > y->reason;
}

static void check_keys(struct histogram *h, struct problem *p)
{
	size_t i;

	if (h->buckets)
		qsort(h->bucket, h->buckets, sizeof(*h->bucket), compare_buckets);
	for (i = 1; i < h->buckets; i++)
		if (!compare_buckets(&h->bucket[i - 1], &h->bucket[i])) {
			problem_is(p, "the %s has two lines for thread %" PRIu64 "%s", h->name,
				   h->bucket[i].thread, h->reasons ? " and one reason" : "");
			return;
		}
}

int histogram_parse(struct histogram *h, const struct text *t, struct problem *p, struct fault *f)
{
	struct lines l = LINES_OF(t);
	struct bucket bucket;
	struct scan rest;
	int ret = 0;

	while (!ret && lines_next(&l)) {
		rest = l.line;
		if (l.whole && read_bucket(&rest, h->reasons, &bucket)) {
			ret = add_bucket(h, &bucket, f);
			continue;
		}
		rest = l.line;
		if (!l.whole || !read_remark(h, &rest))
			problem_is(p, "line %zu of the %s is not understood: %.*s", l.number,
				   h->name, scan_shown(&l.line), l.line.at);
	}
	check_keys(h, p);
	return ret;
}

void histogram_check_dropped(const struct histogram *h, struct problem *p)
{
	if (!h->dropped.given)
		problem_is(p, "the %s does not say how many exits it dropped", h->name);
	else if (h->dropped.value)
		problem_is(p, "the %s dropped %" PRIu64 " exits", h->name, h->dropped.value);
}

void histogram_check_totals(const struct histogram *h, struct problem *p)
{
	uint64_t hits = 0;
	size_t i;

	/* A sum that wraps is another number than the kernel's 64 bits can hold. */
	for (i = 0; i < h->buckets; i++)
		if (__builtin_add_overflow(hits, h->bucket[i].count, &hits))
			problem_is(p, "the lines of the %s add up to more than 64 bits", h->name);
	if (!h->hits.given || !h->entries.given)
		problem_is(p, "the %s does not say how many lines and exits it has", h->name);
	else if (hits != h->hits.value || h->buckets != h->entries.value)
		problem_is(p,
			   "the %s has %zu lines and %" PRIu64 " exits, and gives itself %" PRIu64
			   " and %" PRIu64,
			   h->name, h->buckets, hits, h->entries.value, h->hits.value);
}

void histogram_free(struct histogram *h)
{
	free(h->bucket);
	h->bucket = NULL;
	h->buckets = h->room = 0;
}
