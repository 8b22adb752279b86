// SPDX-License-Identifier: MIT
/* RFC 4180, one line per row of the comparison. An empty field: not known. */
#include <math.h>
#include <string.h>

#include "report/compare_formats.h"

static void put_text(FILE *out, const char *text)
{
	bool quote = strpbrk(text, ",\"\r\n") != NULL;

	if (quote)
		fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputs(quote ? "\"," : ",", out);
}

static void put_number(FILE *out, double x)
{
	if (isfinite(x))
		fprintf(out, "%.10g", x);
	fputc(',', out);
}

static void put_interval(FILE *out, const struct stats_interval *i)
{
	put_number(out, i->est);
	put_number(out, i->lo);
	put_number(out, i->hi);
}

static void put_name(FILE *out, const struct compare_group *g)
{
	put_text(out, g->name ? g->name : g->file[0]->result->path ? g->file[0]->result->path : "");
}

static void put_row(FILE *out, const struct comparison_pair *p, const struct compare_cells *cells)
{
	const struct compare_row *row = cells->row;

	put_name(out, &p->c->a);
	put_name(out, &p->c->b);
	put_text(out, compare_subject(row));
	put_text(out, row->workload ? row->workload->w->op : "");
	put_text(out, compare_quantity(row));
	put_text(out, cells->what);
	put_interval(out, &row->a.value.interval);
	put_number(out, (double)row->a.value.interval.n);
	put_interval(out, &row->b.value.interval);
	put_number(out, (double)row->b.value.interval.n);
	put_interval(out, &row->shift);
	put_number(out, row->shift.coverage);
	put_number(out, row->ratio);
	put_number(out, row->p);
	put_number(out, row->q);
	fprintf(out, "%s,%s\n", row->sampled ? "true" : "false",
		compare_verdict_name(row->verdict));
}

int compare_csv(const struct comparison *all, FILE *out, bool colour)
{
	const struct comparison_pair *p;
	size_t i;

	(void)colour;
	fputs("side_a,side_b,workload,op,quantity,class,a,a_lo,a_hi,n_a,b,b_lo,b_hi,n_b,"
	      "difference,difference_lo,difference_hi,coverage,ratio,p,q,sampled,verdict\n",
	      out);
	for (p = all->pair; p < all->pair + all->pairs; p++)
		for (i = 0; i < p->c->rows; i++)
			put_row(out, p, &p->row[i]);
	return 0;
}
