// SPDX-License-Identifier: MIT
/* All workloads in one picture: what an operation causes on each side, by class. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/html.h"
#include "text/format.h"

/* One scale is the default while the largest total is at most this many times the median. */
#define DWARFED 5

/* A workload of at least one side, with the most exits per op that any side has. */
struct row {
	const struct result_workload *w;
	double most; /* NaN: nowhere counted */
};

struct rows {
	struct row *row;
	size_t rows;
	double most;
	bool classes[EXITPROBE_CLASSES];
};

static int by_most(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	double left = isnan(x->most) ? -1 : x->most, right = isnan(y->most) ? -1 : y->most;

	if (left != right)
		return left > right ? -1 : 1;
	return strcmp(x->w->name, y->w->name);
}

static bool is_control(const char *name)
{
	return !strcmp(name, CONTROL_SPIN) || !strcmp(name, CONTROL_NULL);
}

/* Is this the first side with that workload, which is no control? */
static bool is_new(const struct page *p, const struct side *side, const char *name)
{
	const struct side *at;

	for (at = p->s->side; at < side; at++)
		if (side_workload(at, name))
			return false;
	return !is_control(name);
}

static void add_row(const struct page *p, struct rows *all, const struct result_workload *w)
{
	struct row *row = &all->row[all->rows++];
	const struct estimate_workload *e;
	const struct per_op_total *t;
	size_t i, j;

	*row = (struct row){ .w = w, .most = NAN };
	for (i = 0; i < p->s->sides; i++) {
		e = side_workload(&p->s->side[i], w->name);
		t = side_per_op_total(&p->s->side[i], w->name);
		if (!t || isnan(t->est))
			continue;
		row->most = fmax(row->most, t->est);
		for (j = 0; j < e->classes; j++)
			all->classes[e->exit_class[j].exit_class] |=
				per_op_total_has(&e->exit_class[j]);
	}
	if (row->most > all->most)
		all->most = row->most;
}

static int collect(const struct page *p, struct rows *all)
{
	const struct side *side;
	size_t i, j, n = 0;

	for (i = 0; i < p->s->sides; i++)
		n += p->s->side[i].e.workloads;
	all->row = calloc(n + 1, sizeof(*all->row));
	if (!all->row)
		return -ENOMEM;
	for (i = 0; i < p->s->sides; i++) {
		side = &p->s->side[i];
		for (j = 0; j < side->e.workloads; j++)
			if (is_new(p, side, side->e.workload[j].w->name))
				add_row(p, all, side->e.workload[j].w);
	}
	qsort(all->row, all->rows, sizeof(*all->row), by_most);
	return 0;
}

/* One of the two scales to choose from. */
static void put_segments(const struct page *p, const struct side *side, size_t n, const char *scale,
			 double end)
{
	fprintf(p->out, "<g class=\"%s\">", scale);
	html_segments(p, side, n, end);
	fputs("</g>", p->out);
}

/* end: of the common scale; own: of the workload's. */
static void put_bar(const struct page *p, const struct side *side, const char *name, double end,
		    double own)
{
	const struct estimate_workload *w = side_workload(side, name);
	const struct per_op_total *t = side_per_op_total(side, name);
	char at[HTML_POINTER], number[FORMAT];
	size_t n;

	fprintf(p->out, "<div class=\"bar\"><b class=\"letter\">%c</b>", side->letter);
	if (!t || isnan(t->est)) {
		fprintf(p->out,
			"<span class=\"none\">%s</span><span class=\"n\">&ndash;</span></div>\n",
			w ? "not measured" : "not in this file");
		return;
	}
	n = (size_t)(w - side->e.workload);
	fputs("<svg role=\"img\" width=\"100%\" height=\"16\"><title>", p->out);
	html_say(p, "%s, %s: %s exits per %s", name, side->label, format_number(t->est, number),
		 w->w->op);
	fputs("</title>", p->out);
	put_segments(p, side, n, "one", end);
	put_segments(p, side, n, "own", own);
	fputs("</svg><span class=\"n\">", p->out);
	html_data(p, t->est, NULL, html_side_at(p, side, at, "/workloads/%zu/total/est", n));
	fputs("</span></div>\n", p->out);
}

static void put_row(const struct page *p, const struct row *row, double end)
{
	size_t i;

	fputs("<li class=\"row\"><div class=\"name\">", p->out);
	html_text(p, row->w->name);
	fputs(" <small>per ", p->out);
	html_text(p, row->w->op);
	fputs("</small></div>\n<div>\n", p->out);
	for (i = 0; i < p->s->sides; i++)
		put_bar(p, &p->s->side[i], row->w->name, end, row->most);
	fputs("</div></li>\n", p->out);
}

static void put_quiet(const struct page *p, const struct rows *all, bool counted)
{
	size_t i, n = 0;

	for (i = 0; i < all->rows; i++) {
		if (all->row[i].most > 0 || isnan(all->row[i].most) == counted)
			continue;
		if (!n++)
			fprintf(p->out, "<p class=\"quiet\">%s: ",
				counted ? "No exit beyond background on any side" : "Not counted");
		html_say(p, "%s%s", n > 1 ? ", " : "", all->row[i].w->name);
	}
	if (n)
		fputs(".</p>\n", p->out);
}

/* On one scale, a workload that dwarfs the others would hide them. */
static bool is_dwarfed(const struct rows *all)
{
	size_t drawn = 0;

	while (drawn < all->rows && all->row[drawn].most > 0)
		drawn++;
	return drawn > 1 && all->most > DWARFED * all->row[drawn / 2].most;
}

static void put_choice(const struct page *p, const char *value, bool checked, const char *text)
{
	fprintf(p->out, "<label><input type=\"radio\" name=\"scale\" value=\"%s\"%s> %s</label>",
		value, checked ? " checked" : "", text);
}

static void put_picture(const struct page *p, const struct rows *all)
{
	double end = html_axis_end(all->most);
	bool own = is_dwarfed(all);
	size_t i;

	html_legend(p, all->classes);
	fputs("<fieldset class=\"scale\"><legend>Length of the bars</legend>", p->out);
	put_choice(p, "one", !own, "one scale for all");
	put_choice(p, "own", own, "one scale per workload");
	fputs("</fieldset>\n<ul class=\"rows\">\n", p->out);
	for (i = 0; i < all->rows; i++)
		if (all->row[i].most > 0)
			put_row(p, &all->row[i], end);
	fputs("</ul>\n<div class=\"row under\"><span></span><div class=\"bar\"><span></span>",
	      p->out);
	html_axis(p, end, "exits/op");
	fputs("<span></span></div></div>\n", p->out);
}

void html_overview(struct page *p)
{
	struct rows all = { 0 };
	int ret = collect(p, &all);

	html_section(p, "overview", "Exits per operation");
	if (ret)
		p->error = ret;
	else if (all.most > 0)
		put_picture(p, &all);
	else
		fputs("<p>No workload of these files caused exits that could be counted.</p>\n",
		      p->out);
	put_quiet(p, &all, true);
	put_quiet(p, &all, false);
	fputs("</section>\n", p->out);
	free(all.row);
}
