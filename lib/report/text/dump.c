// SPDX-License-Identifier: MIT
#include "report/text/dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/paging.h"
#include "result/utf8.h"
#include "text/format.h"

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

static void put_entry(const struct styled *t, const struct result *r, const struct entry *e)
{
	const struct exitprobe_reason *reason = exitprobe_reason(r->vendor, e->code);
	uint64_t all = result_exits(r);
	char key[24], number[FORMAT], moved[FORMAT + 8] = "";

	if (e->last != e->first)
		snprintf(moved, sizeof(moved), "+%s",
			 format_number((double)(e->last - e->first), number));
	fprintf(t->out, "  %-10s %-20s %-17s %13s %8.2f %12s\n",
		exitprobe_key(r->vendor, e->code, key), reason ? reason->name : "",
		exitprobe_class_name(reason ? reason->exit_class : EXITPROBE_OTHER),
		format_number((double)e->last, number),
		all ? 100. * (double)e->last / (double)all : 0, moved);
}

static void put_total(const struct styled *t, const struct result *r, uint64_t sum)
{
	uint64_t all = result_exits(r);
	char number[FORMAT];

	if (all > sum)
		fprintf(t->out, "  %-49s %13s %8.2f\n", "not listed, or made while reading",
			format_number((double)(all - sum), number),
			100. * (double)(all - sum) / (double)all);
	style_print(t, STRONG, "  %-49s %13s\n", "all", format_number((double)all, number));
}

static void put_head(const struct styled *t, const struct result *r)
{
	char text[512];
	size_t i;

	style_print(t, FAINT, "%-12s", "listing");
	fprintf(t->out, "%s: %" PRIu64 " readings, %s, %s\n",
		utf8_printable(r->dump->source, text, sizeof(text)), r->dump->readings,
		exitprobe_vendor_name(r->vendor), exitprobe_backend_name(r->backend));
	style_print(t, FAINT, "%-12s", "paging");
	style_print(t, paging_seen(r, text, sizeof(text)) == EXITPROBE_LOOKS_MIXED ? BAD : PLAIN,
		    "%s", text);
	for (i = 0; i < r->labels; i++) {
		style_print(t, FAINT, "\n%-12s",
			    utf8_printable(r->label[i].name, text, sizeof(text)));
		fputs(utf8_printable(r->label[i].value, text, sizeof(text)), t->out);
	}
	fputc('\n', t->out);
}

void dump_text(const struct styled *t, const struct result *r)
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
	style_print(t, FAINT, "\n  %-10s %-20s %-17s %13s %8s %12s\n", "reason", "name", "class",
		    "exits", "%", "while read");
	for (i = 0; i < n; i++)
		put_entry(t, r, &list[i]);
	put_total(t, r, sum);
out:
	free(list);
}
