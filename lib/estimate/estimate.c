// SPDX-License-Identifier: MIT
#include "estimate/estimate.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/blocks.h"
#include "estimate/exits.h"

static void count_quality(struct estimate_workload *e)
{
	const struct result_sample *s;
	size_t i;

	e->windows = e->w->samples;
	for (i = 0; i < e->w->samples; i++) {
		s = &e->w->sample[i];
		e->migrated += s->migrated;
		e->preempted += s->usage.involuntary_switches > 0;
		e->stolen += s->steal > 0;
	}
}

static int time_value(struct estimate_workload *e)
{
	const struct repetition *at;
	struct blocks b;
	size_t i;
	int ret;

	ret = blocks_make(&b, e->w, false);
	e->blocks = b.blocks;
	e->left_out = b.left_out;
	e->cycles.block = calloc(b.blocks + 1, sizeof(*e->cycles.block));
	if (!e->cycles.block)
		ret = -ENOMEM;
	for (i = 0; i < b.blocks && !ret; i++) {
		at = &b.block[i];
		e->cycles.block[i] =
			stats_theil_sen(b.ops + at->first, b.cycles + at->first, at->n);
	}
	if (!ret)
		e->cycles.interval = stats_median_interval(e->cycles.block, b.blocks);
	blocks_free(&b);
	return ret;
}

static int estimate_one(struct estimate_workload *e, const struct result *r,
			const struct result_workload *w, struct exits_control *control)
{
	static const struct stats_interval none = { NAN, NAN, NAN, NAN, 0, 0 };
	int ret;

	e->w = w;
	e->cycles.interval = none;
	/* A failed workload did something other than it declares. */
	if (w->status == RESULT_SKIPPED || w->status == RESULT_FAILED)
		return 0;
	count_quality(e);
	ret = time_value(e);
	if (!ret && r->backend != EXITPROBE_NONE)
		ret = exits_estimate(e, r, control);
	return ret;
}

/* For people: the mean rate, bursts included. The estimates use the slopes of each block. */
static int background(struct estimate *e, const struct result_workload *spin)
{
	const struct result *r = e->result;
	double cycles = 0;
	size_t i, j;

	e->per_cycle = calloc(r->reasons + 1, sizeof(*e->per_cycle));
	if (!e->per_cycle)
		return -ENOMEM;
	for (i = 0; spin && i < spin->samples; i++) {
		if (!spin->sample[i].exits)
			continue;
		cycles += (double)spin->sample[i].cycles;
		for (j = 0; j < r->reasons; j++)
			e->per_cycle[j] += (double)spin->sample[i].exits[j];
	}
	e->has_background = cycles > 0;
	for (j = 0; j < r->reasons && cycles > 0; j++)
		e->per_cycle[j] /= cycles;
	return 0;
}

static int make(struct estimate *e, const struct result *r, bool classes_only)
{
	struct exits_control control = { .classes_only = classes_only };
	const struct result_workload *spin = result_find(r, CONTROL_SPIN);
	size_t i, j;
	int ret;

	*e = (struct estimate){ .result = r, .fingerprint = r->fingerprint };
	e->ns_per_cycle = r->calibration.tsc_khz > 0 ? 1e6 / r->calibration.tsc_khz : NAN;
	if (r->after)
		e->fingerprint = exitprobe_fingerprint_codes(r->vendor, r->reason, r->after,
							     (unsigned int)r->reasons);
	e->workload = calloc(r->workloads + 1, sizeof(*e->workload));
	if (!e->workload)
		return -ENOMEM;
	e->workloads = r->workloads;
	ret = background(e, spin);
	if (!ret)
		ret = exits_control_make(&control, r, spin);
	for (i = 0; i < r->workloads && !ret; i++) {
		ret = estimate_one(&e->workload[i], r, &r->workload[i], &control);
		for (j = 0; j < e->workload[i].classes; j++)
			e->count[e->workload[i].exit_class[j].verdict]++;
	}
	exits_control_free(&control);
	return ret;
}

int estimate_make(struct estimate *e, const struct result *r)
{
	return make(e, r, false);
}

int estimate_classes(struct estimate *e, const struct result *r)
{
	return make(e, r, true);
}

void estimate_free(struct estimate *e)
{
	struct estimate_workload *w;
	size_t i, j;

	for (i = 0; i < e->workloads; i++) {
		w = &e->workload[i];
		for (j = 0; j < w->rows; j++)
			free(w->row[j].per_op.block);
		for (j = 0; j < w->classes; j++)
			free(w->exit_class[j].per_op.block);
		free(w->row);
		free(w->exit_class);
		free(w->cycles.block);
	}
	free(e->workload);
	free(e->per_cycle);
	*e = (struct estimate){ 0 };
}

const struct estimate_workload *estimate_find(const struct estimate *e, const char *name)
{
	size_t i;

	for (i = 0; i < e->workloads; i++)
		if (!strcmp(e->workload[i].w->name, name))
			return &e->workload[i];
	return NULL;
}

const struct estimate_class *estimate_class(const struct estimate_workload *w,
					    enum exitprobe_class exit_class)
{
	size_t i;

	for (i = 0; i < w->classes; i++)
		if (w->exit_class[i].exit_class == exit_class)
			return &w->exit_class[i];
	return NULL;
}

double estimate_error(const struct estimate_value *v)
{
	size_t n = v->interval.n;

	return v->block && n > 1 ? 1.2533 * stats_mad(v->block, n) / sqrt((double)n) : 0;
}
