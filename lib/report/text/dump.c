// SPDX-License-Identifier: MIT
#include "report/text/dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "text/format.h"

/* Exits that only one paging mode causes: how many, and which reasons. */
struct evidence {
	uint64_t exits;
	char reasons[160];
};

static void add_evidence(struct evidence *e, const struct result *r, size_t i)
{
	const struct exitprobe_reason *reason = exitprobe_reason(r->vendor, r->reason[i]);
	size_t length = strlen(e->reasons);
	char number[FORMAT];

	e->exits += r->after[i];
	snprintf(e->reasons + length, sizeof(e->reasons) - length, "%s%s %s", length ? ", " : "",
		 reason ? reason->name : "unknown", format_number((double)r->after[i], number));
}

static enum exitprobe_fingerprint gather(const struct result *r, struct evidence *nested,
					 struct evidence *shadow)
{
	size_t i;

	for (i = 0; r->after && i < r->reasons; i++) {
		switch (exitprobe_fingerprint_codes(r->vendor, &r->reason[i], &r->after[i], 1)) {
		case EXITPROBE_LOOKS_NESTED:
			add_evidence(nested, r, i);
			break;
		case EXITPROBE_LOOKS_SHADOW:
			add_evidence(shadow, r, i);
			break;
		default:
			break;
		}
	}
	if (nested->exits && shadow->exits)
		return EXITPROBE_LOOKS_MIXED;
	if (nested->exits)
		return EXITPROBE_LOOKS_NESTED;
	return shadow->exits ? EXITPROBE_LOOKS_SHADOW : EXITPROBE_LOOKS_UNDECIDED;
}

enum exitprobe_fingerprint listing_paging(const struct result *r, char *text, size_t size)
{
	struct evidence nested = { 0 }, shadow = { 0 };
	enum exitprobe_fingerprint looks = gather(r, &nested, &shadow);
	uint64_t all = result_exits(r);
	double percent = all ? 100. / (double)all : 0;
	char total[FORMAT];

	format_number((double)all, total);
	if (looks == EXITPROBE_LOOKS_MIXED)
		snprintf(text, size,
			 "mixed: of %s exits %.2f %% cannot be nested paging (%s), and %.2f %% "
			 "cannot be shadow paging (%s)",
			 total, percent * (double)shadow.exits, shadow.reasons,
			 percent * (double)nested.exits, nested.reasons);
	else if (looks == EXITPROBE_LOOKS_UNDECIDED)
		snprintf(text, size, "undecided: no exit that only one paging mode causes");
	else
		snprintf(text, size,
			 "%s: %.2f %% of %s exits cannot be %s paging (%s), and none "
			 "contradicts",
			 exitprobe_fingerprint_name(looks),
			 percent * (double)(nested.exits + shadow.exits), total,
			 looks == EXITPROBE_LOOKS_NESTED ? "shadow" : "nested",
			 nested.exits ? nested.reasons : shadow.reasons);
	return looks;
}

struct entry {
	uint32_t code;
	uint64_t first, last;
};

static int by_size(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->last != y->last)
		return x->last < y->last ? 1 : -1;
	return (x->code > y->code) - (x->code < y->code);
}

static void put_entry(const struct tones *t, const struct result *r, const struct entry *e)
{
	const struct exitprobe_reason *reason = exitprobe_reason(r->vendor, e->code);
	uint64_t all = result_exits(r);
	char key[24], number[FORMAT], moved[FORMAT + 8] = "";

	if (e->last != e->first)
		snprintf(moved, sizeof(moved), "+%s",
			 format_number((double)(e->last - e->first), number));
	fprintf(t->out, "  %-10s %-20s %-17s %13s %8.2f %12s\n",
		exitprobe_key(r->vendor, e->code, key), reason ? reason->name : "",
		exitprobe_class_name(reason ? reason->class : EXITPROBE_OTHER),
		format_number((double)e->last, number),
		all ? 100. * (double)e->last / (double)all : 0, moved);
}

static void put_total(const struct tones *t, const struct result *r, uint64_t sum)
{
	uint64_t all = result_exits(r);
	char number[FORMAT];

	if (all > sum)
		fprintf(t->out, "  %-49s %13s %8.2f\n", "not listed, or made while reading",
			format_number((double)(all - sum), number),
			100. * (double)(all - sum) / (double)all);
	tone_print(t, STRONG, "  %-49s %13s\n", "all", format_number((double)all, number));
}

static void put_head(const struct tones *t, const struct result *r)
{
	char text[512];
	size_t i;

	tone_print(t, FAINT, "%-12s", "listing");
	fprintf(t->out, "%s: %" PRIu64 " readings, %s, %s\n",
		tone_clean(r->listing->source, text, sizeof(text)), r->listing->readings,
		exitprobe_vendor_name(r->vendor), exitprobe_backend_name(r->backend));
	tone_print(t, FAINT, "%-12s", "paging");
	tone_print(t, listing_paging(r, text, sizeof(text)) == EXITPROBE_LOOKS_MIXED ? BAD : PLAIN,
		   "%s", text);
	for (i = 0; i < r->facts; i++) {
		tone_print(t, FAINT, "\n%-12s", tone_clean(r->fact[i].name, text, sizeof(text)));
		fputs(tone_clean(r->fact[i].value, text, sizeof(text)), t->out);
	}
	fputc('\n', t->out);
}

void listing_text(const struct tones *t, const struct result *r)
{
	struct entry *list = calloc(r->reasons + 1, sizeof(*list));
	uint64_t sum = 0;
	size_t i, n = 0;

	if (!list || !r->after)
		goto out;
	put_head(t, r);
	for (i = 0; i < r->reasons; i++) {
		sum += r->after[i];
		if (r->after[i])
			list[n++] = (struct entry){ r->reason[i],
						    r->before ? r->before[i] : r->after[i],
						    r->after[i] };
	}
	qsort(list, n, sizeof(*list), by_size);
	tone_print(t, FAINT, "\n  %-10s %-20s %-17s %13s %8s %12s\n", "reason", "name", "class",
		   "exits", "%", "while read");
	for (i = 0; i < n; i++)
		put_entry(t, r, &list[i]);
	put_total(t, r, sum);
out:
	free(list);
}
