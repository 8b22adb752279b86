// SPDX-License-Identifier: MIT
/* From the samples of a result file to the rows that describe the command. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"

/* Runs of the command itself: empty windows have no operations. */
static size_t runs_of(const struct exec *x, const struct result_sample **run)
{
	const struct result_workload *w = &x->r->workload[0];
	size_t i, n = 0;

	for (i = 0; i < w->samples; i++)
		if (w->sample[i].ops)
			run[n++] = &w->sample[i];
	return n;
}

static double median_of(const struct result_sample *const *run, size_t n, size_t offset,
			double *scratch)
{
	size_t i;

	for (i = 0; i < n; i++)
		scratch[i] = (double)*(const uint64_t *)((const char *)run[i] + offset);
	return stats_median(scratch, n);
}

static size_t reason_index(const struct result *r, uint32_t code)
{
	size_t i;

	for (i = 0; i < r->reasons && r->reason[i] != code; i++)
		;
	return i;
}

static double control_cycles(const struct result *r)
{
	const struct result_workload *spin = &r->workload[1];
	double cycles = 0;
	size_t i;

	for (i = 0; i < spin->samples; i++)
		cycles += (double)spin->sample[i].cycles;
	return cycles;
}

/* No event while spinning does not mean a rate of 0: up to 3 may be hidden (95 %, the rule of
 * three). */
static void background(struct exec_table *t, struct exec_row *row, size_t reason, double cycles)
{
	const double spun = control_cycles(t->x->r);

	row->background = t->e.has_background ? t->e.per_cycle[reason] * cycles : NAN;
	row->limit = row->background == 0 ? stats_zero_limit(spun) * cycles : NAN;
}

static int add_row(struct exec_table *t, const struct estimate_row *estimate,
		   const struct result_sample *const *run, size_t n, double cycles)
{
	const size_t reason = reason_index(t->x->r, estimate->code);
	double *exits = calloc(2 * n + 1, sizeof(*exits));
	struct exec_row *row = &t->row[t->rows];
	size_t i;

	if (!exits)
		return -ENOMEM;
	row->estimate = estimate;
	for (i = 0; i < n; i++) {
		exits[i] = (double)run[i]->exits[reason];
		exits[n + i] = exits[i] / ((double)run[i]->cycles / t->x->khz / 1e3);
	}
	row->exits = stats_median_interval(exits, n);
	row->per_second = stats_median(exits + n, n);
	background(t, row, reason, cycles);
	free(exits);
	/* A reason that occurs in empty windows only does not belong to the command. */
	t->rows += row->exits.est > 0 || row->exits.hi > 0;
	return 0;
}

static int more_first(const void *a, const void *b)
{
	const struct exec_row *x = a, *y = b;

	if (x->exits.est != y->exits.est)
		return x->exits.est < y->exits.est ? 1 : -1;
	return x->estimate->code < y->estimate->code ? -1 : 1;
}

static void times(struct exec_table *t, double *scratch)
{
	const struct exec *x = t->x;
	size_t i, n = x->done;

	for (i = 0; i < n; i++)
		scratch[i] = x->times[i].seconds;
	t->seconds = stats_median_interval(scratch, n);
	for (i = 0; i < n; i++)
		scratch[i] = x->times[i].user;
	t->user = stats_median(scratch, n);
	for (i = 0; i < n; i++)
		scratch[i] = x->times[i].system;
	t->system = stats_median(scratch, n);
}

static void total(struct exec_table *t, const struct result_sample *const *run, size_t n,
		  double *scratch)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		scratch[i] = 0;
		for (j = 0; run[i]->exits && j < t->x->r->reasons; j++)
			scratch[i] += (double)run[i]->exits[j];
	}
	t->total = stats_median_interval(scratch, n);
}

#define USAGE(field) offsetof(struct result_sample, usage.field)

static int fill(struct exec_table *t, const struct result_sample **run, double *scratch)
{
	const struct estimate_workload *w = &t->e.workload[0];
	size_t i, n = runs_of(t->x, run);
	double cycles;
	int ret = 0;

	times(t, scratch);
	total(t, run, n, scratch);
	t->spun = control_cycles(t->x->r) / t->x->khz / 1e3;
	t->minor_faults = median_of(run, n, USAGE(minor_faults), scratch);
	t->major_faults = median_of(run, n, USAGE(major_faults), scratch);
	t->voluntary = median_of(run, n, USAGE(voluntary_switches), scratch);
	t->involuntary = median_of(run, n, USAGE(involuntary_switches), scratch);
	cycles = median_of(run, n, offsetof(struct result_sample, cycles), scratch);
	t->row = calloc(w->rows + 1, sizeof(*t->row));
	if (!t->row)
		return -ENOMEM;
	for (i = 0; i < w->rows && !ret; i++)
		ret = add_row(t, &w->row[i], run, n, cycles);
	qsort(t->row, t->rows, sizeof(*t->row), more_first);
	return ret;
}

int exec_table(struct exec_table *t, const struct exec *x)
{
	const size_t n = x->r->workload[0].samples + 1;
	const struct result_sample **run = calloc(n, sizeof(*run));
	double *scratch = calloc(n, sizeof(*scratch));
	int ret;

	*t = (struct exec_table){ .x = x };
	ret = run && scratch ? estimate_make(&t->e, x->r) : -ENOMEM;
	if (!ret)
		ret = fill(t, run, scratch);
	free(run);
	free(scratch);
	return ret;
}

void exec_table_free(struct exec_table *t)
{
	estimate_free(&t->e);
	free(t->row);
	*t = (struct exec_table){ 0 };
}
