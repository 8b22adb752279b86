// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "catalog/catalog.h"
#include "run/plan.h"
#include "run/sample.h"
#include "run/trial.h"
#include "workload.h"

#define BUDGET_DEFAULT 4.                /* seconds per workload in the whole run */
#define PROGRAM_MOST ((uint64_t)1 << 32) /* operations in one window of an external program */
#define TIME_DEFAULT 0.1                 /* seconds per block and workload */

void trial_give_up(struct trial *t, enum result_status status, const char *why)
{
	t->active = false;
	t->out->status = status;
	free(t->out->reason);
	t->out->reason = strdup(why);
}

/* A sample whose numbers are not kept: warm-up and sizing. */
int trial_discarded(struct engine *e, struct trial *t, uint64_t ops, struct result_sample *s)
{
	*s = (struct result_sample){ 0 };
	t->bench.ops = ops;
	return sample_run(&e->win, &t->bench, s, e->o->timeout);
}

uint64_t trial_limit(const struct trial *t)
{
	uint64_t limit = t->bench.max_ops ? t->bench.max_ops : (uint64_t)1 << 40;

	return limit >> (SIZES - 1) ? limit >> (SIZES - 1) : 1;
}

void trial_resize(struct trial *t, uint64_t smallest)
{
	uint64_t limit = trial_limit(t), multiple = t->bench.multiple ? t->bench.multiple : 1;

	if (limit > multiple)
		limit -= limit % multiple;
	if (smallest > limit)
		smallest = limit;
	t->smallest = (smallest + multiple - 1) / multiple * multiple;
}

/* Factor two: set-up and verification take about as long as the windows. */
double trial_share(const struct engine *e)
{
	double budget = e->o->budget > 0 ? e->o->budget : BUDGET_DEFAULT * (double)e->trials;

	return budget / (2.0 * (double)e->trials * (e->o->repeat + 1));
}

/* The faster of two windows: a preempted one looks slow and would make every sample too small. */
static int trial_time(struct engine *e, struct trial *t, uint64_t ops, double *cycles)
{
	struct result_sample s;
	int i, ret;

	*cycles = INFINITY;
	for (i = 0; i < 2; i++) {
		ret = trial_discarded(e, t, ops, &s);
		if (ret || interrupted)
			return ret;
		*cycles = fmin(*cycles, (double)s.cycles);
	}
	return 0;
}

/*
 * Double the number of operations until a sample is long enough to tell its speed, then choose the
 * smallest sample so that the SIZES samples of a block (1 + 2 + 4 + 8) take options.time together.
 */
static int size_alone(struct engine *e, struct trial *t)
{
	uint64_t limit = trial_limit(t), wanted;
	uint64_t n = t->bench.multiple ? t->bench.multiple : 1;
	double time = e->o->time > 0 ? e->o->time : fmin(TIME_DEFAULT, trial_share(e));
	double budget = time * e->cycles_per_second / ((1 << SIZES) - 1), cycles;
	int ret;

	for (;;) {
		ret = trial_time(e, t, n, &cycles);
		if (ret || interrupted)
			return ret;
		if (cycles >= budget / 4 || n >= limit)
			break;
		n = n * 2 < limit ? n * 2 : limit;
	}
	t->cycles = cycles / (double)n;
	wanted = (uint64_t)(budget / fmax(t->cycles, 1e-3));
	/* Background comes with time, whatever the number of operations. */
	if (e->o->ops && strcmp(t->w->name, CONTROL_SPIN) != 0)
		wanted = e->o->ops;
	trial_resize(t, wanted < 1 ? 1 : wanted);
	return 0;
}

/* Smallest sample of an external program that takes `start` cycles to start: the operations of a
 * block together take four times that, or as long as requested. */
static void choose_program_size(struct engine *e, struct trial *t, uint64_t n, double start,
				double cycles)
{
	double share = e->o->time > 0 ? e->o->time : fmin(TIME_DEFAULT, trial_share(e));
	double asked = share * e->cycles_per_second;
	double most = (e->o->budget > 0 ? trial_share(e) : INFINITY) * e->cycles_per_second;

	t->cycles = fmax(cycles - start, 1) / (double)n;
	asked = fmin(fmax(asked, 4 * start), fmax(asked, most));
	asked /= ((1 << SIZES) - 1) * t->cycles;
	trial_resize(t, (uint64_t)fmin(fmax(asked, 1), (double)PROGRAM_MOST / (1 << SIZES)));
}

/* A window of n operations; if it is at least `enough` cycles long, the faster of two. */
static int program_time(struct engine *e, struct trial *t, uint64_t n, double enough,
			struct result_sample *s)
{
	struct result_sample again;
	int ret = trial_discarded(e, t, n, s);

	if (ret || interrupted || (double)s->cycles < enough)
		return ret;
	ret = trial_discarded(e, t, n, &again);
	if (!ret && again.cycles < s->cycles)
		*s = again;
	return ret;
}

/*
 * Every window of an external program begins with its start, which says nothing about the speed of
 * operations. The window of one operation approximates the start; n grows until the operations take
 * at least half as long as that.
 */
static int size_program(struct engine *e, struct trial *t)
{
	struct result_sample s = { 0 };
	bool all = false;
	uint64_t n = 1;
	double start;
	int ret;

	if (e->o->ops) {
		trial_resize(t, e->o->ops);
		return 0;
	}
	ret = trial_time(e, t, 1, &start);
	if (ret || interrupted)
		return ret;
	while (!all && (double)s.cycles < 1.5 * start) {
		n = n < PROGRAM_MOST / 8 ? n * 8 : PROGRAM_MOST;
		ret = program_time(e, t, n, 1.5 * start, &s);
		if (ret || interrupted || !s.ops)
			return ret;
		all = n == PROGRAM_MOST || s.ops <= n / 2;
	}
	/* Never ask for more than it can do in one run (a file has an end). */
	if (s.ops <= n / 2)
		t->bench.max_ops = s.ops;
	choose_program_size(e, t, s.ops, start, (double)s.cycles);
	return 0;
}

/* Sizing runs on one CPU even if samples run on several: waiting for other CPUs says nothing about
 * the speed. */
int trial_size(struct engine *e, struct trial *t)
{
	size_t cpus = e->win.cpus;
	int ret;

	e->win.cpus = 1;
	ret = t->w->program ? size_program(e, t) : size_alone(e, t);
	e->win.cpus = cpus;
	return ret;
}

int trial_open(struct engine *e, struct trial *t, const struct workload *w)
{
	const struct parameter *p;
	const char *why;
	size_t i = 0;
	int ret = 0;

	t->w = w;
	t->active = true;
	parameter_values(w, e->o->setting, e->o->settings, t->value);
	t->bench = (struct bench){ .workload = w,
				   .value = t->value,
				   .disk = e->o->disk,
				   .serial = e->o->serial,
				   .net = e->o->net,
				   .cpu = e->o->cpu,
				   .cpus = (int)sysconf(_SC_NPROCESSORS_ONLN),
				   .kernel_entries = w->kernel_entries,
				   .flushes = w->flushes,
				   .max_ops = w->max_ops,
				   .multiple = w->multiple };
	t->out->name = strdup(w->name);
	t->out->summary = strdup(w->summary);
	t->out->op = strdup(w->op);
	t->out->control = w->control ? strdup(w->control) : NULL;
	for (p = w->parameter; p && p->name && !ret; p++)
		ret = result_add_parameter(t->out, p->name, t->value[i++]);
	why = e->win.cpus > 1 && w->alone ? w->alone : workload_unsupported(w, &t->bench);
	if (why)
		trial_give_up(t, RESULT_SKIPPED, why);
	return ret;
}

void trial_close(struct trial *t)
{
	t->out->command = t->bench.command;
	t->out->output = t->bench.output;
}
