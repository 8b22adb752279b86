// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/interrupt.h"
#include "catalog/catalog.h"
#include "run/calibrate.h"
#include "run/histograms.h"
#include "run/plan.h"
#include "run/run.h"
#include "run/sample.h"
#include "run/trial.h"
#include "workload.h"

/* Take one more sample of the trial, or mark it failed. Only errors of the engine itself are
 * returned. */
static int one_sample(struct engine *e, struct trial *t, uint32_t repeat, uint64_t ops)
{
	struct result_sample *s = result_add_sample(e->r, t->out);
	int ret;

	if (!s || (e->win.cpus > 1 && result_add_vcpus(e->r, s, e->win.cpus)))
		return -ENOMEM;
	t->bench.ops = ops;
	ret = sample_run(&e->win, &t->bench, s, e->o->timeout);
	s->repeat = repeat;
	s->order = e->order++;
	e->done++;
	if (!t->w->program)
		t->cycles = (double)s->cycles / (double)ops;
	if (!ret && !interrupted)
		return 0;
	result_drop_sample(t->out);
	if (interrupted)
		return -EINTR;
	trial_give_up(t, RESULT_FAILED, t->bench.why);
	return 0;
}

static double seconds_left(const struct engine *e, uint32_t repeat, size_t position)
{
	double cycles = 0;
	size_t i;

	/* Factor two: set-up and verification take about as long as the window. */
	for (i = 0; i < e->trials; i++)
		if (e->trial[i].active)
			cycles += 2 * e->trial[i].cycles * (double)e->trial[i].smallest *
				  ((1 << SIZES) - 1);
	return cycles * (e->o->repeat - repeat - (double)position / (double)e->trials) /
	       e->cycles_per_second;
}

/* One workload's part of a block: discarded warm-ups, then its samples in random order. */
static int block_job(struct engine *e, struct trial *t, uint32_t repeat, const uint8_t *sizes)
{
	struct result_sample warm;
	int i, ret = 0;

	for (i = 0; i < (int)e->o->warmup && !ret && !interrupted; i++)
		ret = trial_discarded(e, t, t->smallest, &warm);
	if (interrupted)
		return -EINTR;
	if (ret)
		trial_give_up(t, RESULT_FAILED, t->bench.why);
	for (i = 0, ret = 0; i < SIZES && !ret && t->active; i++)
		ret = one_sample(e, t, repeat, t->smallest << sizes[i]);
	return ret;
}

static int block_run(struct engine *e, uint32_t repeat, bool cold)
{
	struct block b;
	struct trial *t;
	size_t i;
	int ret;

	ret = plan_block(&b, e->trials, e->o->seed, repeat);
	if (ret)
		return ret;
	for (i = 0; i < e->trials && !ret; i++) {
		t = &e->trial[b.order[i]];
		if (!t->active || t->w->cold != cold)
			continue;
		if (e->o->progress)
			e->o->progress(e->o->context, t->w->name, repeat, e->done, e->total,
				       seconds_left(e, repeat, i));
		ret = block_job(e, t, repeat, b.size[b.order[i]]);
	}
	plan_free(&b);
	return ret;
}

/* Choose the sizes and resolve the bands, some of which only setup() knows. A workload that fails
 * here is given up. */
static int prepare_job(struct engine *e, struct trial *t)
{
	int ret = trial_size(e, t);

	if (interrupted)
		return -EINTR;
	if (t->bench.mechanism)
		t->out->mechanism = strdup(t->bench.mechanism);
	if (!ret) {
		ret = expectation_resolve(t->out, &t->bench, e->r);
		if (ret)
			return ret;
		ret = trial_refine(e, t);
	}
	if (interrupted)
		return -EINTR;
	if (ret)
		trial_give_up(t, RESULT_FAILED, t->bench.why);
	else
		e->total += (size_t)SIZES * e->o->repeat;
	return 0;
}

/* Sizing runs every workload once, so broken ones are known before the first repeat. */
static int prepare(struct engine *e, bool cold)
{
	struct trial *t;
	size_t i;
	int ret = 0;

	for (i = 0; i < e->trials && !ret; i++) {
		t = &e->trial[i];
		if (!t->active || t->w->cold != cold)
			continue;
		if (e->o->progress)
			e->o->progress(e->o->context, t->w->name, 0, 0, 0, NAN);
		ret = prepare_job(e, t);
	}
	return ret;
}

/* The first use of guest memory costs additional exits. */
static void warm_memory(void)
{
	size_t size = (size_t)sysconf(_SC_AVPHYS_PAGES) * 4096 / 8 * 7, i;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		return;
	for (i = 0; i < size && !interrupted; i += 4096)
		memory[i] = 1;
	munmap(memory, size);
}

/* Run all workloads that need cold memory, or all others. */
static int measure_part(struct engine *e, bool cold)
{
	uint32_t repeat;
	int ret = prepare(e, cold);

	for (repeat = 0; repeat < e->o->repeat && !ret; repeat++)
		ret = block_run(e, repeat, cold);
	return ret;
}

static int measure(struct engine *e)
{
	int ret;

	if (e->r->backend != EXITPROBE_NONE) {
		ret = calibrate(&e->win, &e->r->calibration);
		if (!ret)
			ret = window_copy_counts(&e->win.before, e->r->reasons, &e->r->before);
		e->r->before_seconds = calibrate_uptime();
		if (!ret)
			ret = histograms_begin(e->r, e->win.probe, &e->win.before);
		if (ret)
			return ret;
	}
	ret = measure_part(e, true);
	if (!ret && e->o->warm_memory)
		warm_memory();
	if (!ret)
		ret = measure_part(e, false);
	if (e->r->backend != EXITPROBE_NONE &&
	    !exitprobe_snapshot(e->win.probe, 0, &e->win.after)) {
		e->r->fingerprint = exitprobe_fingerprint(e->win.probe, &e->win.after);
		e->r->after_seconds = calibrate_uptime();
		if (window_copy_counts(&e->win.after, e->r->reasons, &e->r->after) ||
		    histograms_end(e->r, e->win.probe, &e->win.after))
			return -ENOMEM;
	}
	return ret;
}

int run_all(struct result *r, const struct exitprobe *p, const struct workload *const *selected,
	    size_t n, const struct options *o)
{
	struct engine *e = calloc(1, sizeof(*e));
	struct clock_origin origin;
	size_t i;
	int ret;

	if (!e)
		return -ENOMEM;
	*e = (struct engine){
		.r = r, .o = o, .win = { .probe = p, .cpu = o->cpus, .cpus = o->vcpus }, .trials = n
	};
	e->trial = calloc(n, sizeof(*e->trial));
	ret = e->trial ? cpu_pin(o->cpu) : -ENOMEM;
	/* Add all before taking pointers: adding one may move the others. */
	for (i = 0; i < n && !ret; i++)
		ret = result_add_workload(r) ? 0 : -ENOMEM;
	for (i = 0; i < n && !ret; i++) {
		e->trial[i].out = &r->workload[i];
		ret = trial_open(e, &e->trial[i], selected[i]);
	}
	if (ret)
		goto out;
	origin = calibrate_tsc_begin();
	usleep(20000);
	e->cycles_per_second = calibrate_tsc_khz(&origin) * 1e3;
	ret = measure(e);
	r->calibration.tsc_khz = calibrate_tsc_khz(&origin);
	r->complete = !ret;
	for (i = 0; i < n; i++)
		if (ret && e->trial[i].active)
			e->trial[i].out->status = RESULT_PARTIAL;
out:
	for (i = 0; i < n && e->trial; i++)
		trial_close(&e->trial[i]);
	free(e->trial);
	free(e);
	return ret;
}
