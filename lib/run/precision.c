// SPDX-License-Identifier: MIT
/*
 * How large the samples must be for an interval as narrow as requested. A few pairs of discarded
 * windows show how much their slope varies. What varies is background: it grows with the square
 * root of the length, the slope's base with the length itself.
 */
#include <math.h>

#include "base/interrupt.h"
#include "run/plan.h"
#include "run/sample.h"
#include "run/trial.h"
#include "stats/stats.h"

#define PILOTS 3
#define LEVER 4  /* the second window of a pair does this many times as much */
#define MOST 64. /* largest factor: one burst in the pilot must not cost the whole budget */

struct pilot {
	double slope[EXITPROBE_CLASSES][PILOTS]; /* exits per op */
};

/* Exits of one window, by class. */
static int count(struct engine *e, struct trial *t, uint64_t ops, double *exit_class)
{
	const struct exitprobe *p = e->win.probe;
	uint64_t exits[EXITPROBE_SLOTS] = { 0 };
	struct result_sample s = { .exits = exits };
	const struct exitprobe_reason *reason;
	uint32_t i;
	int ret;

	t->bench.ops = ops;
	ret = sample_run(&e->win, &t->bench, &s, e->o->timeout);
	for (i = 0; i < exitprobe_slots(p) && !ret; i++) {
		reason = exits[i] ? exitprobe_reason(p->vendor, exitprobe_slot_code(p, i)) : NULL;
		if (reason)
			exit_class[reason->exit_class] += (double)exits[i];
	}
	return ret;
}

static int pilot(struct engine *e, struct trial *t, uint64_t ops, struct pilot *out)
{
	int i, c, ret = 0;

	for (i = 0; i < PILOTS && !ret && !interrupted; i++) {
		double small[EXITPROBE_CLASSES] = { 0 }, large[EXITPROBE_CLASSES] = { 0 };

		ret = count(e, t, ops, small);
		if (!ret && !interrupted)
			ret = count(e, t, LEVER * ops, large);
		for (c = 0; c < EXITPROBE_CLASSES; c++)
			out->slope[c][i] = (large[c] - small[c]) / ((LEVER - 1) * (double)ops);
	}
	return ret;
}

/* Classes of timer ticks, which no size of sample makes rarer. */
static bool of_time(enum exitprobe_class exit_class)
{
	return exit_class == EXITPROBE_INTERRUPT || exit_class == EXITPROBE_INTERRUPT_WINDOW ||
	       exit_class == EXITPROBE_MSR;
}

static bool declared(const struct result_workload *w, enum exitprobe_class exit_class)
{
	size_t i;

	for (i = 0; i < w->expectations; i++)
		if (w->expectation[i].exit_class == exit_class)
			return true;
	return false;
}

/* By which factor samples must grow, judged by the class that varies most. */
static double growth(const struct pilot *p, const struct result_workload *w, double precision)
{
	double most = 1, low, high, half, target;
	int c, i;

	for (c = 0; c < EXITPROBE_CLASSES; c++) {
		if (of_time(c) && !declared(w, c))
			continue;
		low = high = p->slope[c][0];
		for (i = 1; i < PILOTS; i++) {
			low = fmin(low, p->slope[c][i]);
			high = fmax(high, p->slope[c][i]);
		}
		half = (high - low) / 2;
		target = precision / 100 * fmax(1, fabs(stats_median(p->slope[c], PILOTS)));
		most = fmax(most, (half / target) * (half / target));
	}
	return fmin(most, MOST);
}

int trial_refine(struct engine *e, struct trial *t)
{
	double seconds = t->cycles * ((1 << SIZES) - 1) / e->cycles_per_second, times;
	struct pilot p;
	int ret;

	if (e->o->ops || e->o->time > 0 || e->o->precision <= 0 || e->r->backend == EXITPROBE_NONE)
		return 0;
	if (trial_share(e) <= seconds * (double)t->smallest)
		return 0; /* they cannot grow */
	ret = pilot(e, t, t->smallest, &p);
	if (ret || interrupted)
		return ret;
	times = growth(&p, t->out, e->o->precision);
	times = fmin(times, trial_share(e) / (seconds * (double)t->smallest));
	times = fmin(times, (double)trial_limit(t) / (double)t->smallest);
	if (times > 1)
		trial_resize(t, (uint64_t)(times * (double)t->smallest));
	return 0;
}
