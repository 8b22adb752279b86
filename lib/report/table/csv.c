// SPDX-License-Identifier: MIT
/* RFC 4180, one line per estimate. An empty field: not known. */
#include <math.h>
#include <string.h>

#include "report/report.h"

static void put_text(FILE *out, const char *text)
{
	if (!text)
		return;
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void put_number(FILE *out, double x)
{
	fputc(',', out);
	if (isfinite(x))
		fprintf(out, "%.10g", x);
}

static void put_head(FILE *out, const struct estimate_workload *w, const char *quantity,
		     const char *reason, const char *name, const char *exit_class)
{
	const char *const field[] = { w->w->name, result_status_name(w->w->status),
				      w->w->op,   quantity,
				      reason,     name,
				      exit_class };
	size_t i;

	for (i = 0; i < sizeof(field) / sizeof(*field); i++) {
		if (i)
			fputc(',', out);
		put_text(out, field[i]);
	}
}

static void put_interval(FILE *out, const struct stats_interval *i, double scale)
{
	put_number(out, i->est * scale);
	put_number(out, i->lo * scale);
	put_number(out, i->hi * scale);
	put_number(out, i->coverage);
	put_number(out, (double)i->n);
}

static void put_exits(FILE *out, const struct estimate_workload *w, const char *side)
{
	const struct estimate_class *c;
	const struct estimate_row *row;
	size_t i;

	for (i = 0; i < w->rows; i++) {
		row = &w->row[i];
		put_head(out, w, "exits by reason", row->key, row->name,
			 exitprobe_class_name(row->exit_class));
		put_interval(out, &row->per_op.interval, 1);
		fprintf(out, ",%llu,,,,", (unsigned long long)row->exits);
		put_text(out, side);
		fputc('\n', out);
	}
	for (i = 0; i < w->classes; i++) {
		c = &w->exit_class[i];
		put_head(out, w, "exits by class", "", "", exitprobe_class_name(c->exit_class));
		put_interval(out, &c->per_op.interval, 1);
		fprintf(out, ",%llu", (unsigned long long)c->exits);
		put_number(out, c->low);
		put_number(out, c->high);
		fputc(',', out);
		put_text(out, estimate_verdict_name(c->verdict));
		fputc(',', out);
		put_text(out, side);
		fputc('\n', out);
	}
}

static void put_side(FILE *out, const struct side *side)
{
	const struct estimate_workload *w;
	size_t i;

	for (i = 0; i < side->e.workloads; i++) {
		w = &side->e.workload[i];
		put_exits(out, w, side->label);
		/* Every workload has this line, a skipped one with empty numbers. */
		put_head(out, w, "ns", "", "", "");
		put_interval(out, &w->cycles.interval, side->e.ns_per_cycle);
		fputs(",,,,,", out);
		put_text(out, side->label);
		fputc('\n', out);
	}
}

int report_csv(const struct report *r, FILE *out)
{
	const struct sides *s = &r->sides;
	size_t i;

	fputs("workload,status,op,quantity,reason,name,class,est,lo,hi,coverage,n,exits,"
	      "expected_lo,expected_hi,verdict,side\n",
	      out);
	for (i = 0; i < s->sides; i++)
		put_side(out, &s->side[i]);
	return 0;
}
