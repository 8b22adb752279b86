// SPDX-License-Identifier: MIT
/* One line per estimate. */
#include <math.h>

#include "report/report.h"
#include "text/csv.h"

static void put_head(struct csv *csv, const struct estimate_workload *w, const char *quantity,
		     const char *reason, const char *name, const char *exit_class)
{
	csv_text(csv, w->w->name);
	csv_text(csv, result_status_name(w->w->status));
	csv_text(csv, w->w->op);
	csv_text(csv, quantity);
	csv_text(csv, reason);
	csv_text(csv, name);
	csv_text(csv, exit_class);
}

static void put_interval(struct csv *csv, const struct stats_interval *i, double scale)
{
	csv_number(csv, i->est * scale);
	csv_number(csv, i->lo * scale);
	csv_number(csv, i->hi * scale);
	csv_number(csv, i->coverage);
	csv_number(csv, (double)i->n);
}

/* judged: whose band and verdict these are, or NULL. */
static void put_end(struct csv *csv, const struct estimate_class *judged, const char *side)
{
	csv_number(csv, judged ? judged->low : NAN);
	csv_number(csv, judged ? judged->high : NAN);
	csv_text(csv, judged ? estimate_verdict_name(judged->verdict) : NULL);
	csv_text(csv, side);
	csv_end(csv);
}

static void put_exits(struct csv *csv, const struct estimate_workload *w, const char *side)
{
	const struct estimate_class *c;
	const struct estimate_row *row;
	size_t i;

	for (i = 0; i < w->rows; i++) {
		row = &w->row[i];
		put_head(csv, w, "exits by reason", row->key, row->name,
			 exitprobe_class_name(row->exit_class));
		put_interval(csv, &row->per_op.interval, 1);
		csv_count(csv, row->exits);
		put_end(csv, NULL, side);
	}
	for (i = 0; i < w->classes; i++) {
		c = &w->exit_class[i];
		put_head(csv, w, "exits by class", NULL, NULL, exitprobe_class_name(c->exit_class));
		put_interval(csv, &c->per_op.interval, 1);
		csv_count(csv, c->exits);
		put_end(csv, c, side);
	}
}

static void put_side(struct csv *csv, const struct side *side)
{
	const struct estimate_workload *w;
	size_t i;

	for (i = 0; i < side->e.workloads; i++) {
		w = &side->e.workload[i];
		put_exits(csv, w, side->label);
		/* Every workload has this line, a skipped one with empty numbers. */
		put_head(csv, w, "ns", NULL, NULL, NULL);
		put_interval(csv, &w->cycles.interval, side->e.ns_per_cycle);
		csv_text(csv, NULL);
		put_end(csv, NULL, side->label);
	}
}

int report_csv(const struct report *r, FILE *out)
{
	const struct sides *s = &r->sides;
	struct csv csv = { .out = out };
	size_t i;

	fputs("workload,status,op,quantity,reason,name,class,est,lo,hi,coverage,n,exits,"
	      "expected_lo,expected_hi,verdict,side\n",
	      out);
	for (i = 0; i < s->sides; i++)
		put_side(&csv, &s->side[i]);
	return 0;
}
