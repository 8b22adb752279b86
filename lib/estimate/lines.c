// SPDX-License-Identifier: MIT
#include "estimate/lines.h"
#include "estimate/figures.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Below this many exits per op a value is shown only if its workload declares the class. */
#define VISIBLE 0.0005

static int by_importance(const void *a, const void *b)
{
	const struct estimate_class *x = *(const struct estimate_class *const *)a;
	const struct estimate_class *y = *(const struct estimate_class *const *)b;
	double left = x->per_op.interval.est, right = y->per_op.interval.est;

	if (x->declared != y->declared)
		return x->declared ? -1 : 1;
	if (left != right)
		return left > right ? -1 : 1;
	return x->exit_class < y->exit_class ? -1 : 1;
}

static bool is_quiet(const struct estimate_class *c)
{
	const struct stats_interval *i = &c->per_op.interval;

	if (c->declared || c->verdict > ESTIMATE_PASS)
		return false;
	return fabs(i->est) < VISIBLE || (i->lo <= 0 && i->hi >= 0);
}

static void add_row(struct lines *l, const struct estimate_row *row,
		    const struct estimate_class *judged)
{
	l->line[l->lines++] =
		(struct line){ row->name, row->exit_class, &row->per_op, row->exits, judged };
}

static void add_sum(struct lines *l, const struct estimate_class *c)
{
	l->line[l->lines++] = (struct line){ c->exits ? "total" : "none", c->exit_class, &c->per_op,
					     c->exits, c };
}

/* A class of one reason is that reason. */
static void add_class(struct lines *l, const struct estimate_workload *w,
		      const struct estimate_class *c)
{
	size_t i, n = 0;

	for (i = 0; i < w->rows; i++)
		n += w->row[i].exit_class == c->exit_class;
	for (i = 0; i < w->rows; i++)
		if (w->row[i].exit_class == c->exit_class)
			add_row(l, &w->row[i], n == 1 ? c : NULL);
	if (n != 1)
		add_sum(l, c);
}

static void add_quiet(struct lines *l, const struct estimate_workload *w,
		      enum exitprobe_class exit_class)
{
	size_t i;

	for (i = 0; i < w->rows; i++)
		if (w->row[i].exit_class == exit_class)
			l->below_threshold[l->below++] = &w->row[i];
}

int lines_make(struct lines *l, const struct estimate_workload *w)
{
	const struct estimate_class **order = calloc(w->classes + 1, sizeof(*order));
	size_t i;

	*l = (struct lines){ .line = calloc(w->rows + w->classes + 1, sizeof(*l->line)),
			     .below_threshold = calloc(w->rows + 1, sizeof(*l->below_threshold)) };
	if (!order || !l->line || !l->below_threshold) {
		free(order);
		lines_free(l);
		return -ENOMEM;
	}
	for (i = 0; i < w->classes; i++)
		order[i] = &w->exit_class[i];
	qsort(order, w->classes, sizeof(*order), by_importance);
	for (i = 0; i < w->classes; i++)
		if (is_quiet(order[i]))
			add_quiet(l, w, order[i]->exit_class);
		else
			add_class(l, w, order[i]);
	free(order);
	return 0;
}

void lines_free(struct lines *l)
{
	free(l->line);
	free(l->below_threshold);
	*l = (struct lines){ 0 };
}

void line_cells(const struct line *l, struct cells *c)
{
	*c = (struct cells){ 0 };
	format_exits(l->value, l->exits, c->value);
	/* With no exits the value itself is the interval. */
	if (l->exits)
		format_interval(&l->value->interval, c->interval);
	if (l->judged)
		format_band(l->judged, c->band);
}
