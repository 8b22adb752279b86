// SPDX-License-Identifier: MIT
/*
 * A workload's loop with nothing around it: no readings, no watchdog. scripts/bench-harness and
 * tests/cli/run.bats compare the suite with it. usage: bare WORKLOAD OPS WINDOWS [DISK [NET
 * [SERIAL]]], "-" for none; prints cycles and minor faults per operation of each window. OPS
 * becomes a number that the workload can do, as the suite's largest sample does.
 *
 * The windows come in the order of "suite run WORKLOAD --seed 1": smaller ones, which are not
 * printed, and pauses in place of its empty windows. In a pause the kernel gives back what it holds
 * ready for a workload, so that the first operations afterwards take longer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"
#include "kit/cpus.h"
#include "run/plan.h"
#include "run/trial.h"

#define SEED 1
#define PAUSE 4000000 /* cycles: one of 1 million does the same as one of 100 */

/* Not on the stack, as in the suite: where a loop counts its operations changes how long a page
 * fault takes (by a fifth on AMD). */
static struct trial trial;

static int window(struct bench *r, bool show)
{
	const struct workload *w = r->workload;
	struct usage usage;
	uint64_t begin, end;
	int ret = 0;

	r->state = NULL;
	r->done = 0;
	if (w->setup)
		ret = w->setup(r);
	usage = usage_read();
	begin = tsc_read();
	if (!ret)
		ret = w->run(r, r->ops);
	end = tsc_read();
	usage = usage_since(&usage);
	if (w->teardown)
		w->teardown(r);
	if (!ret && show)
		printf("%.3f %.3f\n", (double)(end - begin) / (double)r->ops,
		       (double)usage.minor_faults / (double)r->ops);
	return ret;
}

static const char *device(int argc, char **argv, int i)
{
	return i < argc && strcmp(argv[i], "-") ? argv[i] : NULL;
}

/* The suite orders three workloads, by their names: this one, null and spin. */
static size_t position(const struct workload *w)
{
	return (size_t)(strcmp(w->name, "null") > 0) + (size_t)(strcmp(w->name, "spin") > 0);
}

static int windows(uint32_t repeat)
{
	uint64_t begin;
	struct block b;
	size_t i, size;
	int ret = plan_block(&b, 3, SEED, repeat);

	if (ret)
		return ret;
	for (i = 0; i < 3 && !ret; i++) {
		if (b.order[i] != position(trial.w)) {
			begin = tsc_read();
			while (tsc_read() - begin < PAUSE)
				;
			continue;
		}
		for (size = 0; size < SIZES && !ret; size++) {
			trial.bench.ops = trial.smallest << b.size[b.order[i]][size];
			ret = window(&trial.bench, b.size[b.order[i]][size] == SIZES - 1);
		}
	}
	plan_free(&b);
	return ret;
}

int main(int argc, char **argv)
{
	const struct workload *w = argc > 3 ? registry_find(argv[1]) : NULL;
	int64_t value[PARAMETERS_MAX];
	int cpu = 0, ret = 0;
	uint32_t i;
	const char *why;

	if (!w)
		return 2;
	layout_fix(argc - 1, argv + 1); /* as the suite does */
	while (workload_pin(cpu + 1) == 0)
		cpu++;
	ret = workload_pin(cpu);
	workload_defaults(w, value);
	trial = (struct trial){ .w = w,
				.bench = { .workload = w,
					   .value = value,
					   .cpu = cpu,
					   .cpus = cpu + 1,
					   .max_ops = w->max_ops,
					   .multiple = w->multiple,
					   .disk = device(argc, argv, 4),
					   .net = device(argc, argv, 5),
					   .serial = device(argc, argv, 6) } };
	why = workload_unsupported(w, &trial.bench);
	if (why) {
		fprintf(stderr, "bare: %s: %s\n", argv[1], why);
		return 4;
	}
	trial.smallest = strtoull(argv[2], NULL, 10) >> (SIZES - 1);
	trial_resize(&trial, trial.smallest ? trial.smallest : 1);
	/* The suite's sizing runs some windows too. */
	for (i = 0; i < SIZES && !ret; i++) {
		trial.bench.ops = trial.smallest;
		ret = window(&trial.bench, false);
	}
	for (i = 0; i < (uint32_t)atoi(argv[3]) && !ret; i++)
		ret = windows(i);
	if (ret)
		fprintf(stderr, "bare: %s: %s\n", argv[1], strerror(-ret));
	return ret ? 5 : 0;
}
