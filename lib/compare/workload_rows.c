// SPDX-License-Identifier: MIT
/* Rows of a comparison from workloads that both sides measured. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "estimate/verdict.h"

/* One workload in the files of one side; absent where a file lacks it. */
struct found {
	const struct compare_group *group;
	const struct estimate_workload **in; /* [group->files] */
};

static size_t find_all(struct found *f, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < f->group->files; i++) {
		f->in[i] = estimate_find(f->group->file[i], name);
		n += f->in[i] != NULL;
	}
	return n;
}

static const struct estimate_workload *any_of(const struct found *f)
{
	size_t i;

	for (i = 0; i < f->group->files; i++)
		if (f->in[i])
			return f->in[i];
	return NULL;
}

static bool counted(const struct found *f)
{
	size_t i;

	for (i = 0; i < f->group->files; i++)
		if (f->in[i] && f->in[i]->counted)
			return true;
	return false;
}

static size_t most_values(const struct found *f, enum compare_unit unit)
{
	size_t i, n = 1;

	for (i = 0; i < f->group->files; i++)
		if (f->in[i])
			n += unit == COMPARE_FILES ? 1 : f->in[i]->blocks;
	return n;
}

/* v NULL: no block has seen any exit. */
static void append(struct compare_side *s, const struct estimate_value *v, size_t blocks,
		   double scale, enum compare_unit unit)
{
	double *to = s->value.block + s->value.interval.n;
	size_t i, n = v ? v->interval.n : blocks;

	if (unit == COMPARE_FILES && n) {
		*to = v ? v->interval.est * scale : 0;
		n = 1;
	}
	for (i = 0; i < n && unit != COMPARE_FILES; i++)
		to[i] = v ? v->block[i] * scale : 0;
	s->value.interval.n += n;
}

/* Zero exits in n operations do not prove a rate of 0: the interval ends at 3/n. */
static void nothing(struct stats_interval *i, double ops)
{
	i->lo = 0;
	i->hi = stats_zero_limit(ops);
	i->coverage = 0.95;
}

static int side_of_class(struct compare_side *s, const struct found *f,
			 enum exitprobe_class exit_class, enum compare_unit unit)
{
	const struct estimate_class *c;
	double ops = 0;
	size_t i;

	s->value.block = calloc(most_values(f, unit), sizeof(*s->value.block));
	if (!s->value.block)
		return -ENOMEM;
	for (i = 0; i < f->group->files; i++) {
		if (!f->in[i] || !f->in[i]->counted)
			continue;
		c = estimate_class(f->in[i], exit_class);
		append(s, c ? &c->per_op : NULL, f->in[i]->blocks, 1, unit);
		s->exits += c ? c->exits : 0;
		/* Every class of a workload has seen the same operations. */
		ops += f->in[i]->classes ? f->in[i]->exit_class[0].ops : 0;
	}
	s->value.interval = stats_median_interval(s->value.block, s->value.interval.n);
	if (!s->exits)
		nothing(&s->value.interval, ops);
	return 0;
}

static int side_of_time(struct compare_side *s, const struct found *f, enum compare_unit unit)
{
	const struct estimate_workload *w;
	double scale;
	size_t i;

	s->value.block = calloc(most_values(f, unit), sizeof(*s->value.block));
	if (!s->value.block)
		return -ENOMEM;
	for (i = 0; i < f->group->files; i++) {
		w = f->in[i];
		scale = f->group->file[i]->ns_per_cycle;
		if (w && !isnan(w->cycles.interval.est * scale))
			append(s, &w->cycles, w->blocks, scale, unit);
	}
	s->value.interval = stats_median_interval(s->value.block, s->value.interval.n);
	return 0;
}

/* Slope of a single exit between the smallest and the largest windows, such as one that only the
 * first operation causes: no smaller slope is caused by operations. */
static double resolution(const struct found *f)
{
	const struct result_sample *s;
	double low = INFINITY, high = 0;
	size_t i, j;

	for (i = 0; i < f->group->files; i++)
		for (j = 0; f->in[i] && j < f->in[i]->w->samples; j++) {
			s = &f->in[i]->w->sample[j];
			low = fmin(low, (double)s->ops);
			high = fmax(high, (double)s->ops);
		}
	return high > low ? 1 / (high - low) : 0;
}

struct about_class {
	bool there, declared, within_background;
};

/* Ticks and host interrupts within the run's own background are chance, not an answer. */
static void ask(struct about_class *about, const struct found *f, enum exitprobe_class exit_class)
{
	const struct estimate_class *c;
	size_t i;

	for (i = 0; i < f->group->files; i++) {
		c = f->in[i] ? estimate_class(f->in[i], exit_class) : NULL;
		if (!c)
			continue;
		about->there = true;
		about->declared |= c->declared;
		about->within_background &= c->verdict == ESTIMATE_PASS;
	}
}

static struct compare_row *new_row(struct compare *c, const struct found *a,
				   enum compare_family family)
{
	struct compare_row *row = &c->row[c->rows++];

	row->workload = any_of(a);
	row->family = family;
	row->p = row->q = NAN;
	return row;
}

static int add_class(struct compare *c, const struct found *a, const struct found *b,
		     enum exitprobe_class exit_class)
{
	struct about_class about = { .within_background = true };
	struct compare_row *row;
	int ret;

	ask(&about, a, exit_class);
	ask(&about, b, exit_class);
	if (!about.there)
		return 0;
	row = new_row(c, a, about.declared ? COMPARE_DECLARED : COMPARE_OTHER);
	row->exit_class = exit_class;
	ret = side_of_class(&row->a, a, exit_class, c->unit);
	if (!ret)
		ret = side_of_class(&row->b, b, exit_class, c->unit);
	if (ret)
		return ret;
	row->resolution = fmax(resolution(a), resolution(b));
	row->background =
		!about.declared && verdict_is_timer(exit_class) && about.within_background;
	compare_test(c, row);
	return 0;
}

static int add_time(struct compare *c, const struct found *a, const struct found *b)
{
	struct compare_row *row = new_row(c, a, COMPARE_TIMES);
	int ret;

	ret = side_of_time(&row->a, a, c->unit);
	if (!ret)
		ret = side_of_time(&row->b, b, c->unit);
	if (ret)
		return ret;
	if (row->a.value.interval.n && row->b.value.interval.n) {
		compare_test(c, row);
		return 0;
	}
	free(row->a.value.block);
	free(row->b.value.block);
	memset(row, 0, sizeof(*row));
	c->rows--;
	return 0;
}

static int add_workload(struct compare *c, const struct found *a, const struct found *b)
{
	int exit_class, ret = 0;

	if (counted(a) && counted(b))
		for (exit_class = 0; exit_class < EXITPROBE_CLASSES && !ret; exit_class++)
			ret = add_class(c, a, b, (enum exitprobe_class)exit_class);
	return ret ? ret : add_time(c, a, b);
}

/* The names of all workloads of one side, each once, in the order of the files. */
struct names {
	const char **name;
	size_t names;
};

static bool known(const struct compare_group *g, size_t file, const char *name)
{
	size_t i;

	for (i = 0; i < file; i++)
		if (estimate_find(g->file[i], name))
			return true;
	return false;
}

static int names_of(struct names *n, const struct compare_group *g)
{
	const struct estimate *e;
	size_t i, j, most = 0;

	for (i = 0; i < g->files; i++)
		most += g->file[i]->workloads;
	n->name = calloc(most + 1, sizeof(*n->name));
	if (!n->name)
		return -ENOMEM;
	for (i = 0; i < g->files; i++) {
		e = g->file[i];
		for (j = 0; j < e->workloads; j++)
			if (!known(g, i, e->workload[j].w->name))
				n->name[n->names++] = e->workload[j].w->name;
	}
	return 0;
}

static int add_all(struct compare *c, const struct names *of_a, const struct names *of_b)
{
	struct found a = { &c->a, calloc(c->a.files + 1, sizeof(*a.in)) };
	struct found b = { &c->b, calloc(c->b.files + 1, sizeof(*b.in)) };
	size_t i;
	int ret = a.in && b.in ? 0 : -ENOMEM;

	for (i = 0; i < of_a->names && !ret; i++) {
		find_all(&a, of_a->name[i]);
		if (find_all(&b, of_a->name[i]))
			ret = add_workload(c, &a, &b);
		else
			c->unmatched++;
	}
	for (i = 0; i < of_b->names && !ret; i++)
		c->unmatched += !find_all(&a, of_b->name[i]);
	free(a.in);
	free(b.in);
	return ret;
}

int compare_workloads(struct compare *c)
{
	struct names a = { 0 }, b = { 0 };
	int ret;

	ret = names_of(&a, &c->a);
	if (!ret)
		ret = names_of(&b, &c->b);
	if (!ret)
		c->row = calloc(a.names * (EXITPROBE_CLASSES + 1) + 1, sizeof(*c->row));
	if (!ret)
		ret = c->row ? add_all(c, &a, &b) : -ENOMEM;
	free(a.name);
	free(b.name);
	return ret;
}
