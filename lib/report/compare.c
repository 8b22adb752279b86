// SPDX-License-Identifier: MIT
#include "report/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/verdict.h"

/* Samples of the permutation test, where it must sample, are the same in every comparison. */
#define SEED 1

/* A class of which a side saw nothing, over as many blocks as it has. */
static int nothing(struct compare_side *s, const struct estimate_workload *w)
{
	struct stats_interval *i = &s->value.interval;

	s->value.block = calloc(w->blocks + 1, sizeof(*s->value.block));
	if (!s->value.block)
		return -ENOMEM;
	*i = (struct stats_interval){ .hi = NAN, .n = w->blocks };
	/* Every class of a workload has seen the same operations. */
	if (w->classes)
		i->hi = stats_zero_limit(w->class[0].ops);
	return 0;
}

static int copy(struct compare_side *s, const struct estimate_value *v, double scale)
{
	size_t i, n = v->interval.n;

	s->value.interval = v->interval;
	s->value.block = calloc(n + 1, sizeof(*s->value.block));
	if (!s->value.block)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		s->value.block[i] = v->block[i] * scale;
	s->value.interval.est *= scale;
	s->value.interval.lo *= scale;
	s->value.interval.hi *= scale;
	s->value.interval.min *= scale;
	return 0;
}

static int side_of_class(struct compare_side *s, const struct estimate_workload *w,
			 enum exitprobe_class class)
{
	const struct estimate_class *c = estimate_class(w, class);

	if (!c)
		return nothing(s, w);
	s->exits = c->exits;
	return copy(s, &c->per_op, 1);
}

/* Equal but for the rounding of the arithmetic behind them. */
static bool equal(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fmax(1, fabs(a));
}

static bool all_the_same(const struct compare_row *row)
{
	const struct estimate_value *a = &row->a.value, *b = &row->b.value;
	double first = a->interval.n ? a->block[0] : 0;
	size_t i;

	for (i = 0; i < a->interval.n; i++)
		if (!equal(a->block[i], first))
			return false;
	for (i = 0; i < b->interval.n; i++)
		if (!equal(b->block[i], first))
			return false;
	return true;
}

static void test(struct compare_row *row)
{
	const struct estimate_value *a = &row->a.value, *b = &row->b.value;
	bool from_nothing = row->family != COMPARE_TIMES && (!row->a.exits || a->interval.lo <= 0);

	row->shift = stats_shift(a->block, a->interval.n, b->block, b->interval.n);
	/* What the reader gets by subtracting; in great noise the median of all pairs is another.
	 */
	row->shift.est = b->interval.est - a->interval.est;
	row->ratio = from_nothing || a->interval.est <= 0 ? NAN : b->interval.est / a->interval.est;
	row->p = all_the_same(row) ? NAN
				   : stats_permutation(a->block, a->interval.n, b->block,
						       b->interval.n, SEED, &row->sampled);
}

static struct compare_row *new_row(struct compare *c, const struct estimate_workload *w,
				   enum compare_family family)
{
	struct compare_row *row = &c->row[c->rows];

	row->workload = w;
	row->family = family;
	return row;
}

/* Ticks and the host's interrupts that are no more than the run's own background: chance, no
 * answer. */
static bool within_background(const struct estimate_class *c)
{
	return !c || c->verdict == ESTIMATE_PASS;
}

static int add_class(struct compare *c, const struct estimate_workload *a,
		     const struct estimate_workload *b, enum exitprobe_class class)
{
	const struct estimate_class *x = estimate_class(a, class), *y = estimate_class(b, class);
	bool declared = (x && x->declared) || (y && y->declared);
	struct compare_row *row;
	int ret;

	if (!x && !y)
		return 0;
	row = new_row(c, a, declared ? COMPARE_DECLARED : COMPARE_OTHER);
	row->class = class;
	ret = side_of_class(&row->a, a, class);
	if (!ret)
		ret = side_of_class(&row->b, b, class);
	c->rows++;
	if (!ret)
		test(row);
	row->background = !declared && verdict_is_timer(class) && within_background(x) &&
			  within_background(y);
	if (row->background)
		row->p = NAN;
	return ret;
}

static int add_time(struct compare *c, const struct estimate_workload *a,
		    const struct estimate_workload *b)
{
	struct compare_row *row;
	int ret;

	if (isnan(a->cycles.interval.est * c->a->ns_per_cycle) ||
	    isnan(b->cycles.interval.est * c->b->ns_per_cycle))
		return 0;
	row = new_row(c, a, COMPARE_TIMES);
	ret = copy(&row->a, &a->cycles, c->a->ns_per_cycle);
	if (!ret)
		ret = copy(&row->b, &b->cycles, c->b->ns_per_cycle);
	c->rows++;
	if (!ret)
		test(row);
	return ret;
}

static int add_workload(struct compare *c, const struct estimate_workload *a,
			const struct estimate_workload *b)
{
	int class, ret = 0;

	if (a->counted && b->counted)
		for (class = 0; class < EXITPROBE_CLASSES && !ret; class ++)
			ret = add_class(c, a, b, (enum exitprobe_class) class);
	return ret ? ret : add_time(c, a, b);
}

static int add_all(struct compare *c)
{
	const struct estimate_workload *a, *b;
	size_t i;
	int ret = 0;

	for (i = 0; i < c->a->workloads && !ret; i++) {
		a = &c->a->workload[i];
		b = estimate_find(c->b, a->w->name);
		if (b)
			ret = add_workload(c, a, b);
		else
			c->lonely++;
	}
	for (i = 0; i < c->b->workloads; i++)
		c->lonely += !estimate_find(c->a, c->b->workload[i].w->name);
	return ret;
}

/* Each family is corrected by itself; a row that belongs to another is not in it. */
static int correct(struct compare *c)
{
	double *p = calloc(c->rows + 1, sizeof(*p));
	size_t i;
	int family;

	if (!p)
		return -ENOMEM;
	for (family = 0; family < COMPARE_FAMILIES; family++) {
		for (i = 0; i < c->rows; i++) {
			p[i] = c->row[i].family == (enum compare_family)family ? c->row[i].p : NAN;
			c->tested[family] += !isnan(p[i]);
		}
		stats_benjamini_hochberg(p, p, c->rows);
		for (i = 0; i < c->rows; i++)
			if (c->row[i].family == (enum compare_family)family)
				c->row[i].q = p[i];
	}
	free(p);
	return 0;
}

double compare_size(const struct compare_row *row)
{
	double base = row->a.value.interval.est;

	return row->family == COMPARE_TIMES ? row->shift.est / base : row->shift.est;
}

static enum compare_verdict judge(const struct compare *c, const struct compare_row *row)
{
	double size = fabs(compare_size(row));
	double enough = row->family == COMPARE_TIMES ? COMPARE_TIME : COMPARE_EXITS;
	double least = stats_permutation_least(row->a.value.interval.n, row->b.value.interval.n);

	if (!(size >= enough))
		return COMPARE_SAME;
	if (row->q <= COMPARE_LEVEL)
		return COMPARE_DIFFERS;
	/* As clear as so many repeats can be, but they could not be certain of one row alone. */
	if (row->p <= fmax(COMPARE_LEVEL, least) &&
	    least * (double)c->tested[row->family] > COMPARE_LEVEL)
		return COMPARE_UNDECIDED;
	return COMPARE_SAME;
}

int compare_make(struct compare *c, const struct estimate *a, const struct estimate *b,
		 const char *axis)
{
	size_t i;
	int ret;

	*c = (struct compare){ .a = a, .b = b };
	c->row = calloc(a->workloads * (EXITPROBE_CLASSES + 1) + 1, sizeof(*c->row));
	if (!c->row)
		return -ENOMEM;
	ret = compare_facts(c, axis);
	if (!ret)
		ret = add_all(c);
	if (!ret)
		ret = correct(c);
	for (i = 0; i < c->rows && !ret; i++)
		c->row[i].verdict = judge(c, &c->row[i]);
	return ret;
}

void compare_free(struct compare *c)
{
	size_t i;

	for (i = 0; i < c->rows; i++) {
		free(c->row[i].a.value.block);
		free(c->row[i].b.value.block);
	}
	free(c->row);
	free(c->fact);
	*c = (struct compare){ 0 };
}

const char *compare_verdict_name(enum compare_verdict verdict)
{
	static const char *const names[] = {
		[COMPARE_SAME] = "same",
		[COMPARE_UNDECIDED] = "undecided",
		[COMPARE_DIFFERS] = "differs",
	};

	return (unsigned int)verdict < sizeof(names) / sizeof(*names) ? names[verdict] : NULL;
}

/* Exits per op that are worth a line although nobody declared their class. */
#define VISIBLE 0.0005

static bool shows(const struct compare_side *s)
{
	const struct stats_interval *i = &s->value.interval;

	return s->exits && fabs(i->est) >= VISIBLE && !(i->lo <= 0 && i->hi >= 0);
}

bool compare_visible(const struct compare_row *row)
{
	if (row->background)
		return false;
	return row->family != COMPARE_OTHER || row->verdict != COMPARE_SAME || shows(&row->a) ||
	       shows(&row->b);
}
