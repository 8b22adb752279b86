// SPDX-License-Identifier: MIT
/* One line per row of the comparison. */
#include "report/compare_formats.h"
#include "text/csv.h"

static void put_name(struct csv *csv, const struct compare_group *g)
{
	csv_text(csv, g->name ? g->name : g->file[0]->result->path);
}

static void put_interval(struct csv *csv, const struct stats_interval *i)
{
	csv_number(csv, i->est);
	csv_number(csv, i->lo);
	csv_number(csv, i->hi);
}

static void put_row(struct csv *csv, const struct comparison_pair *p,
		    const struct compare_cells *cells)
{
	const struct compare_row *row = cells->row;

	put_name(csv, &p->c->a);
	put_name(csv, &p->c->b);
	csv_text(csv, compare_subject(row));
	csv_text(csv, row->workload ? row->workload->w->op : NULL);
	csv_text(csv, compare_quantity(row));
	csv_text(csv, cells->what);
	put_interval(csv, &row->a.value.interval);
	csv_count(csv, row->a.value.interval.n);
	put_interval(csv, &row->b.value.interval);
	csv_count(csv, row->b.value.interval.n);
	put_interval(csv, &row->shift);
	csv_number(csv, row->shift.coverage);
	csv_number(csv, row->ratio);
	csv_number(csv, row->p);
	csv_number(csv, row->q);
	csv_text(csv, row->sampled ? "true" : "false");
	csv_text(csv, compare_verdict_name(row->verdict));
	csv_end(csv);
}

int compare_csv(const struct comparison *all, FILE *out, bool colour)
{
	const struct comparison_pair *p;
	struct csv csv = { .out = out };
	size_t i;

	(void)colour;
	fputs("side_a,side_b,workload,op,quantity,class,a,a_lo,a_hi,n_a,b,b_lo,b_hi,n_b,"
	      "difference,difference_lo,difference_hi,coverage,ratio,p,q,sampled,verdict\n",
	      out);
	for (p = all->pair; p < all->pair + all->pairs; p++)
		for (i = 0; i < p->c->rows; i++)
			put_row(&csv, p, &p->row[i]);
	return 0;
}
