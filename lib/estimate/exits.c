// SPDX-License-Identifier: MIT
/* Exits per operation of one workload, by reason and by class. */
#include "estimate/exits.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/blocks.h"
#include "estimate/verdict.h"

/* Everything that the estimate of one workload needs. */
struct work {
	const struct result *r;
	struct blocks own; /* counted samples */
	struct exits_control *control;
	bool itself;       /* the workload is the control: its own exits are not corrected */
	bool *chosen;      /* [reasons]: the series */
	bool ticks;        /* the series is of a class that time brings, and often */
	bool from_host;    /* the series is interrupts of the host: it goes with guest time */
	double *clean;     /* [own.n]: exits of the series without background */
	double lambda_sum; /* background exits of the series in all windows */
};

static const double *time_of(bool from_host, const struct blocks *b)
{
	return from_host ? b->guest : b->cycles;
}

/* Exits per unit of time of the series b->exits in some entries. */
static double lambda_in(const struct blocks *b, size_t first, size_t n, bool from_host)
{
	double lambda = stats_background(b->ops + first, b->exits + first,
					 time_of(from_host, b) + first, n);

	return isnan(lambda) ? 0 : lambda;
}

static void lambdas(struct exits_lambda *l, const struct blocks *b, bool ticks, bool from_host)
{
	size_t i;

	l->all = lambda_in(b, 0, b->n, from_host);
	for (i = 0; i < b->blocks && ticks; i++)
		l->block[i] = lambda_in(b, b->block[i].first, b->block[i].n, from_host);
}

/*
 * Exits per cycle of the series while spinning. Ticks are dense, and how many there are drifts:
 * they are taken from the same block. Everything else is rare: in the four windows of a block one
 * burst cannot be told from a rate, so all blocks together say what it is.
 */
static double block_lambda(const struct work *k, const struct exits_lambda *l, uint32_t repeat)
{
	const struct blocks *spin = &k->control->blocks;
	const struct repetition *b = k->ticks ? blocks_find(spin, repeat) : NULL;

	return b ? l->block[b - spin->block] : l->all;
}

/* l NULL: no background to subtract. */
static int series_value(struct work *k, struct estimate_value *v, const struct exits_lambda *l)
{
	const double *time = time_of(k->from_host, &k->own);
	const struct repetition *b;
	double lambda;
	size_t i, j;

	v->block = calloc(k->own.blocks ? k->own.blocks : 1, sizeof(*v->block));
	if (!v->block)
		return -ENOMEM;
	k->lambda_sum = 0;
	for (i = 0; i < k->own.blocks; i++) {
		b = &k->own.block[i];
		lambda = l ? block_lambda(k, l, b->repeat) : 0;
		v->block[i] = stats_exits_per_op(k->own.ops + b->first, k->own.exits + b->first,
						 time + b->first, b->n, lambda);
		for (j = b->first; j < b->first + b->n; j++) {
			k->lambda_sum += lambda * time[j];
			k->clean[j] = k->own.exits[j] - lambda * time[j];
		}
	}
	v->interval = stats_median_interval(v->block, k->own.blocks);
	return 0;
}

/* Zero exits in n operations do not prove a rate of 0: the interval ends at 3/n. */
static void zero_value(struct estimate_value *v, double ops)
{
	v->interval.lo = 0;
	v->interval.hi = stats_zero_limit(ops);
	v->interval.coverage = 0.95;
}

/* Estimate of the sum of the chosen reasons; exits gets how many there were. known: background of
 * the series, NULL when it must be found first. */
static int chosen_value(struct work *k, struct estimate_value *v, uint64_t *exits,
			const struct exits_lambda *known)
{
	struct blocks *spin = &k->control->blocks;
	struct exits_lambda own = { 0 };
	int ret;

	*exits = blocks_series(&k->own, k->chosen, k->r->reasons);
	/* Without exits, subtracting background would make them negative. */
	if (k->itself || !spin->blocks || !*exits) {
		known = NULL;
	} else if (!known) {
		own.block = calloc(spin->blocks, sizeof(*own.block));
		if (!own.block)
			return -ENOMEM;
		blocks_series(spin, k->chosen, k->r->reasons);
		lambdas(&own, spin, k->ticks, k->from_host);
		known = &own;
	}
	ret = series_value(k, v, known);
	free(own.block);
	if (!*exits && k->own.blocks)
		zero_value(v, k->own.all_ops);
	return ret;
}

static enum exitprobe_class class_of(const struct result *r, uint32_t code)
{
	const struct exitprobe_reason *reason = exitprobe_reason(r->vendor, code);

	return reason ? reason->exit_class : EXITPROBE_OTHER;
}

static void choose_class(bool *chosen, const struct result *r, enum exitprobe_class exit_class)
{
	size_t i;

	for (i = 0; i < r->reasons; i++)
		chosen[i] = class_of(r, r->reason[i]) == exit_class;
}

static void name_row(struct estimate_row *row, const struct result *r, uint32_t code)
{
	const struct exitprobe_reason *reason = exitprobe_reason(r->vendor, code);

	row->code = code;
	exitprobe_key(r->vendor, code, row->key);
	row->name = reason ? reason->name : row->key;
	row->exit_class = class_of(r, code);
}

/* An estimate whose noise includes 0 is not attributed to operations. */
static bool differs_from_zero(const struct stats_interval *i)
{
	return !(i->lo <= 0 && i->hi >= 0) && !isnan(i->est);
}

static void series_of_class(struct work *k, enum exitprobe_class exit_class)
{
	k->ticks = verdict_is_timer(exit_class);
	k->from_host = exit_class == EXITPROBE_INTERRUPT;
}

static int add_rows(struct estimate_workload *e, struct work *k)
{
	struct estimate_row row;
	size_t i;
	int ret = 0;

	e->row = calloc(k->r->reasons + 1, sizeof(*e->row));
	if (!e->row)
		return -ENOMEM;
	for (i = 0; i < k->r->reasons && !ret; i++) {
		row = (struct estimate_row){ 0 };
		memset(k->chosen, 0, k->r->reasons * sizeof(*k->chosen));
		k->chosen[i] = true;
		series_of_class(k, class_of(k->r, k->r->reason[i]));
		if (!blocks_series(&k->own, k->chosen, k->r->reasons))
			continue;
		name_row(&row, k->r, k->r->reason[i]);
		ret = chosen_value(k, &row.per_op, &row.exits, NULL);
		e->row[e->rows++] = row;
		e->exits += (double)row.exits;
		e->background += k->lambda_sum;
		if (differs_from_zero(&row.per_op.interval))
			e->attributed += row.per_op.interval.est * k->own.all_ops;
	}
	return ret;
}

/* The sum of its reasons is estimated, not the sum of their estimates taken: medians do not add up.
 */
static int add_class(struct estimate_workload *e, struct work *k, enum exitprobe_class exit_class)
{
	struct estimate_class c = { .exit_class = exit_class, .ops = k->own.all_ops };
	double rate = 0;
	int ret;

	if (!k->itself)
		rate = verdict_is_timer(exit_class) ? k->control->timer_rate
						    : k->control->exit_class[exit_class].all;

	choose_class(k->chosen, k->r, exit_class);
	series_of_class(k, exit_class);
	ret = chosen_value(k, &c.per_op, &c.exits, &k->control->exit_class[exit_class]);
	verdict_band(&c, e->w, rate * fmax(0, e->cycles.interval.est));
	if (ret || (!c.exits && !c.declared)) {
		free(c.per_op.block);
		return ret;
	}
	c.lack_of_fit =
		k->control->classes_only ? NAN : stats_lack_of_fit(k->own.ops, k->clean, k->own.n);
	c.verdict = verdict_of(&c);
	if (c.verdict > e->verdict)
		e->verdict = c.verdict;
	e->exit_class[e->classes++] = c;
	return 0;
}

/* Most workloads show only a few reasons. */
static void shrink(struct estimate_workload *e)
{
	struct estimate_class *less = realloc(e->exit_class, (e->classes + 1) * sizeof(*less));

	if (less)
		e->exit_class = less;
}

static int add_classes(struct estimate_workload *e, struct work *k)
{
	int i, ret = 0;

	e->exit_class = calloc(EXITPROBE_CLASSES, sizeof(*e->exit_class));
	if (!e->exit_class)
		return -ENOMEM;
	for (i = 0; i < EXITPROBE_CLASSES && !ret; i++)
		ret = add_class(e, k, (enum exitprobe_class)i);
	shrink(e);
	return ret;
}

static void control_class(struct exits_control *c, const struct result *r,
			  enum exitprobe_class exit_class, bool *chosen)
{
	double exits, cycles = 0;
	size_t i;

	choose_class(chosen, r, exit_class);
	exits = (double)blocks_series(&c->blocks, chosen, r->reasons);
	lambdas(&c->exit_class[exit_class], &c->blocks, verdict_is_timer(exit_class),
		exit_class == EXITPROBE_INTERRUPT);
	for (i = 0; i < c->blocks.n; i++)
		cycles += c->blocks.cycles[i];
	if (verdict_is_timer(exit_class) && cycles > 0)
		c->timer_rate += exits / cycles;
}

int exits_control_make(struct exits_control *c, const struct result *r,
		       const struct result_workload *spin)
{
	bool *chosen = calloc(r->reasons + 1, sizeof(*chosen));
	int exit_class, ret = chosen ? 0 : -ENOMEM;

	c->spin = spin;
	if (!ret && spin && r->backend != EXITPROBE_NONE)
		ret = blocks_make(&c->blocks, spin, true);
	blocks_guest(&c->blocks, r);
	for (exit_class = 0; exit_class < EXITPROBE_CLASSES && !ret; exit_class++) {
		c->exit_class[exit_class].block = calloc(c->blocks.blocks + 1, sizeof(double));
		if (!c->exit_class[exit_class].block)
			ret = -ENOMEM;
		else
			control_class(c, r, (enum exitprobe_class)exit_class, chosen);
	}
	free(chosen);
	return ret;
}

void exits_control_free(struct exits_control *c)
{
	int exit_class;

	for (exit_class = 0; exit_class < EXITPROBE_CLASSES; exit_class++)
		free(c->exit_class[exit_class].block);
	blocks_free(&c->blocks);
}

int exits_estimate(struct estimate_workload *e, const struct result *r, struct exits_control *c)
{
	struct work k = { .r = r, .control = c, .itself = c->spin == e->w };
	int ret;

	ret = blocks_make(&k.own, e->w, true);
	k.chosen = calloc(r->reasons + 1, sizeof(*k.chosen));
	k.clean = calloc(k.own.n + 1, sizeof(*k.clean));
	if (!k.chosen || !k.clean)
		ret = -ENOMEM;
	e->counted = !ret && k.own.blocks > 0;
	if (e->counted) {
		blocks_guest(&k.own, r);
		ret = c->classes_only ? 0 : add_rows(e, &k);
		if (!ret)
			ret = add_classes(e, &k);
	}
	blocks_free(&k.own);
	free(k.chosen);
	free(k.clean);
	return ret;
}
