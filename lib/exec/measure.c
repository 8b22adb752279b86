// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/interrupt.h"
#include "catalog/catalog.h"
#include "exec/exec.h"
#include "run/calibrate.h"
#include "run/plan.h"
#include "run/steal.h"
#include "run/window.h"
#include "workload.h"

/* Windows in which a process only starts and ends; their median is the part that any command's run
 * contains. */
#define EMPTY 3
/* Bounds of the control's spinning time, in seconds; within them it is as long as the command
 * ran. */
#define SPIN_LEAST 0.1
#define SPIN_MOST 1.0
#define SPIN_OP 1000 /* cycles; workloads/spin.c */

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/*
 * One window. The child waits already, so the fork is outside. The opening reading is made twice:
 * the first one touches the pages that the fork made read-only.
 */
static int window_around(struct exec *x, char **argv, struct result_sample *s, struct exec_times *t)
{
	const bool counting = s->exits != NULL;
	struct rusage usage = { 0 };
	struct exec_child child;
	uint64_t begin, end;
	int ret;

	ret = exec_start(&child, argv);
	if (ret)
		return ret;
	if (counting)
		ret = exitprobe_snapshot(x->win.probe, 0, &x->win.after);
	if (counting && !ret)
		ret = exitprobe_snapshot(x->win.probe, 0, &x->win.before);
	begin = tsc_read();
	x->error = exec_finish(&child, &t->status, &usage);
	end = tsc_read();
	if (counting && !ret)
		ret = exitprobe_snapshot(x->win.probe, 0, &x->win.after);
	x->reading = x->win.after.cost;
	if (counting && !ret)
		ret = window_close(&x->win, s);
	s->cycles = end - begin;
	s->usage = (struct result_usage){ (uint64_t)usage.ru_minflt, (uint64_t)usage.ru_majflt,
					  (uint64_t)usage.ru_nvcsw, (uint64_t)usage.ru_nivcsw };
	t->seconds = (double)s->cycles / x->khz / 1e3;
	t->user = seconds_of(usage.ru_utime);
	t->system = seconds_of(usage.ru_stime);
	return ret;
}

static int add_window(struct exec *x, char **argv, uint32_t repeat, struct exec_times *t)
{
	struct result_workload *w = &x->r->workload[0];
	struct result_sample *s = result_add_sample(x->r, w);
	uint64_t steal = steal_read(STEAL_ALL_CPUS);
	int ret;

	if (!s)
		return -ENOMEM;
	ret = window_around(x, argv, s, t);
	s->repeat = repeat;
	s->order = x->order++;
	s->ops = argv ? x->plan->ops : 0;
	s->cpu = (uint32_t)sched_getcpu();
	s->steal = steal_read(STEAL_ALL_CPUS) - steal;
	if (ret || x->error)
		result_drop_sample(w);
	return ret;
}

static int spin_one(struct exec *x, uint32_t repeat, uint64_t ops)
{
	struct bench run = { .workload = registry_find(CONTROL_SPIN), .ops = ops };
	struct result_sample *s = result_add_sample(x->r, &x->r->workload[1]);
	int ret;

	if (!s || !run.workload)
		return -ENOMEM;
	ret = window_run(&x->win, &run, s);
	s->repeat = repeat;
	s->order = x->order++;
	if (ret)
		result_drop_sample(&x->r->workload[1]);
	return ret;
}

/* The control stays on one CPU; the command may run anywhere. */
static int spin(struct exec *x, uint32_t repeat, double seconds)
{
	cpu_set_t all;
	uint64_t smallest;
	bool pinned;
	int i, ret = 0;

	if (x->r->backend == EXITPROBE_NONE)
		return 0;
	if (x->plan->background >= 0)
		seconds = x->plan->background;
	else
		seconds = fmin(fmax(seconds, SPIN_LEAST), SPIN_MOST);
	smallest = (uint64_t)(seconds * x->khz * 1e3 / SPIN_OP / ((1 << SIZES) - 1));
	if (!smallest)
		return 0;
	pinned = !sched_getaffinity(0, sizeof(all), &all) && !cpu_pin(sched_getcpu());
	for (i = 0; i < SIZES && !ret; i++)
		ret = spin_one(x, repeat, smallest << i);
	if (pinned)
		sched_setaffinity(0, sizeof(all), &all);
	return ret;
}

static int repeat_run(struct exec *x, uint32_t repeat)
{
	struct exec_times empty;
	int i, ret = 0;

	for (i = 0; i < EMPTY && !ret; i++)
		ret = add_window(x, NULL, repeat, &empty);
	exec_poll_signals();
	if (ret || interrupted)
		return ret;
	ret = add_window(x, x->plan->argv, repeat, &x->times[repeat]);
	if (ret || x->error)
		return ret;
	x->done++;
	ret = spin(x, repeat, x->times[repeat].seconds);
	exec_poll_signals();
	return ret;
}

static int add_workloads(struct exec *x)
{
	const struct workload *w = registry_find(CONTROL_SPIN);
	struct result_workload *out;

	/* Add both before using either: adding one may move the other. */
	if (!w || !result_add_workload(x->r) || !result_add_workload(x->r))
		return -ENOMEM;
	out = x->r->workload;
	out[0].name = strdup(x->plan->name);
	out[0].summary = strdup(x->plan->argv[0]);
	out[0].op = strdup(x->plan->ops_given ? "operation" : "run");
	out[1].name = strdup(w->name);
	out[1].summary = strdup(w->summary);
	out[1].op = strdup(w->op);
	if (x->r->backend == EXITPROBE_NONE || x->plan->background == 0) {
		out[1].status = RESULT_SKIPPED;
		out[1].reason = strdup("not requested, or no exits to measure it by");
	}
	return result_add_parameter(&out[0], "ops", (int64_t)x->plan->ops);
}

int exec_measure(struct exec *x)
{
	const bool counting = x->r->backend != EXITPROBE_NONE;
	struct clock_origin origin = calibrate_tsc_begin();
	uint32_t i;
	int ret = add_workloads(x);

	exec_block_signals();
	usleep(20000);
	x->khz = calibrate_tsc_khz(&origin);
	if (counting && !ret)
		ret = calibrate(&x->win, &x->r->calibration);
	if (counting && !ret)
		ret = window_copy_counts(&x->win.before, x->r->reasons, &x->r->before);
	for (i = 0; i < x->plan->repeat && !ret && !x->error && !interrupted; i++)
		ret = repeat_run(x, i);
	x->r->calibration.tsc_khz = calibrate_tsc_khz(&origin);
	if (counting && !ret)
		ret = exitprobe_snapshot(x->win.probe, 0, &x->win.after);
	if (counting && !ret)
		ret = exitprobe_check(x->win.probe, &x->win.before, NULL);
	if (counting && !ret)
		ret = window_copy_counts(&x->win.after, x->r->reasons, &x->r->after);
	if (counting && !ret)
		x->r->fingerprint = exitprobe_fingerprint(x->win.probe, &x->win.after);
	x->r->complete = !ret && x->done == x->plan->repeat && !interrupted;
	if (!x->r->complete)
		x->r->workload[0].status = RESULT_PARTIAL;
	return ret;
}
