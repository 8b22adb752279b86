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

#define BUDGET_DEFAULT 4.                /* seconds of one workload in the whole run */
#define PROGRAM_MOST ((uint64_t)1 << 32) /* operations of one window of a program */
#define TIME_DEFAULT 0.1                 /* seconds of one block of one workload */

void job_give_up(struct job *j, enum result_status status, const char *why)
{
	j->active = false;
	j->out->status = status;
	free(j->out->reason);
	j->out->reason = strdup(why);
}

/* A sample whose numbers are not kept: warm-up and sizing. */
int job_discarded(struct engine *e, struct job *j, uint64_t ops, struct result_sample *s)
{
	*s = (struct result_sample){ 0 };
	j->run.ops = ops;
	return sample_run(&e->win, &j->run, s, e->o->timeout);
}

uint64_t job_limit(const struct job *j)
{
	uint64_t limit = j->run.max_ops ? j->run.max_ops : (uint64_t)1 << 40;

	return limit >> (SIZES - 1) ? limit >> (SIZES - 1) : 1;
}

void job_resize(struct job *j, uint64_t smallest)
{
	uint64_t limit = job_limit(j), multiple = j->run.multiple ? j->run.multiple : 1;

	if (limit > multiple)
		limit -= limit % multiple;
	if (smallest > limit)
		smallest = limit;
	j->smallest = (smallest + multiple - 1) / multiple * multiple;
}

/* Set-up and verification are about as long as the windows: hence the factor two. */
double job_share(const struct engine *e)
{
	double budget = e->o->budget > 0 ? e->o->budget : BUDGET_DEFAULT * (double)e->jobs;

	return budget / (2.0 * (double)e->jobs * (e->o->repeat + 1));
}

/* The faster of two: one that was preempted looks slow, and every sample would become too small for
 * it. */
static int job_time(struct engine *e, struct job *j, uint64_t ops, double *cycles)
{
	struct result_sample s;
	int i, ret;

	*cycles = INFINITY;
	for (i = 0; i < 2; i++) {
		ret = job_discarded(e, j, ops, &s);
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
static int size_alone(struct engine *e, struct job *j)
{
	uint64_t limit = job_limit(j), wanted;
	uint64_t n = j->run.multiple ? j->run.multiple : 1;
	double time = e->o->time > 0 ? e->o->time : fmin(TIME_DEFAULT, job_share(e));
	double budget = time * e->cycles_per_second / ((1 << SIZES) - 1), cycles;
	int ret;

	for (;;) {
		ret = job_time(e, j, n, &cycles);
		if (ret || interrupted)
			return ret;
		if (cycles >= budget / 4 || n >= limit)
			break;
		n = n * 2 < limit ? n * 2 : limit;
	}
	j->cycles = cycles / (double)n;
	wanted = (uint64_t)(budget / fmax(j->cycles, 1e-3));
	/* The background is per time: how many operations there are says nothing of it. */
	if (e->o->ops && strcmp(j->w->name, CONTROL_SPIN) != 0)
		wanted = e->o->ops;
	job_resize(j, wanted < 1 ? 1 : wanted);
	return 0;
}

/* Smallest sample of a program whose start takes as long as `start`: all samples of a block do four
 * times that in operations, or as much as was asked for. */
static void choose_program_size(struct engine *e, struct job *j, uint64_t n, double start,
				double cycles)
{
	double share = e->o->time > 0 ? e->o->time : fmin(TIME_DEFAULT, job_share(e));
	double asked = share * e->cycles_per_second;
	double most = (e->o->budget > 0 ? job_share(e) : INFINITY) * e->cycles_per_second;

	j->cycles = fmax(cycles - start, 1) / (double)n;
	asked = fmin(fmax(asked, 4 * start), fmax(asked, most));
	asked /= ((1 << SIZES) - 1) * j->cycles;
	job_resize(j, (uint64_t)fmin(fmax(asked, 1), (double)PROGRAM_MOST / (1 << SIZES)));
}

/* A window of n operations; when it is as long as `enough`, the faster of two. */
static int program_time(struct engine *e, struct job *j, uint64_t n, double enough,
			struct result_sample *s)
{
	struct result_sample again;
	int ret = job_discarded(e, j, n, s);

	if (ret || interrupted || (double)s->cycles < enough)
		return ret;
	ret = job_discarded(e, j, n, &again);
	if (!ret && again.cycles < s->cycles)
		*s = again;
	return ret;
}

/*
 * A program: every window begins with its start, which says nothing of the speed of operations. It
 * is the window of one operation; more operations are tried until they take half as long as that.
 */
static int size_program(struct engine *e, struct job *j)
{
	struct result_sample s = { 0 };
	bool all = false;
	uint64_t n = 1;
	double start;
	int ret;

	if (e->o->ops) {
		job_resize(j, e->o->ops);
		return 0;
	}
	ret = job_time(e, j, 1, &start);
	if (ret || interrupted)
		return ret;
	while (!all && (double)s.cycles < 1.5 * start) {
		n = n < PROGRAM_MOST / 8 ? n * 8 : PROGRAM_MOST;
		ret = program_time(e, j, n, 1.5 * start, &s);
		if (ret || interrupted || !s.ops)
			return ret;
		all = n == PROGRAM_MOST || s.ops <= n / 2;
	}
	/* What it cannot do more of in one go (a file has an end) it is not asked for. */
	if (s.ops <= n / 2)
		j->run.max_ops = s.ops;
	choose_program_size(e, j, s.ops, start, (double)s.cycles);
	return 0;
}

/* On one CPU even where all samples run on several: waiting for the others says nothing of the
 * speed. */
int job_size(struct engine *e, struct job *j)
{
	size_t cpus = e->win.cpus;
	int ret;

	e->win.cpus = 1;
	ret = j->w->program ? size_program(e, j) : size_alone(e, j);
	e->win.cpus = cpus;
	return ret;
}

int job_open(struct engine *e, struct job *j, const struct workload *w)
{
	const struct parameter *p;
	const char *why;
	size_t i = 0;
	int ret = 0;

	j->w = w;
	j->active = true;
	parameter_values(w, e->o->setting, e->o->settings, j->value);
	j->run = (struct run){ .workload = w,
			       .value = j->value,
			       .disk = e->o->disk,
			       .serial = e->o->serial,
			       .net = e->o->net,
			       .cpu = e->o->cpu,
			       .cpus = (int)sysconf(_SC_NPROCESSORS_ONLN),
			       .crossings = w->crossings,
			       .flushes = w->flushes,
			       .max_ops = w->max_ops,
			       .multiple = w->multiple };
	j->out->name = strdup(w->name);
	j->out->summary = strdup(w->summary);
	j->out->op = strdup(w->op);
	j->out->control = w->control ? strdup(w->control) : NULL;
	for (p = w->parameter; p && p->name && !ret; p++)
		ret = result_add_parameter(j->out, p->name, j->value[i++]);
	why = e->win.cpus > 1 && w->alone ? w->alone : workload_unsupported(w, &j->run);
	if (why)
		job_give_up(j, RESULT_SKIPPED, why);
	return ret;
}

void job_close(struct job *j)
{
	j->out->command = j->run.command;
	j->out->words = j->run.words;
}
