// SPDX-License-Identifier: MIT
/*
 * A workload's loop with nothing around it: no readings, no watchdog, no plan. What
 * scripts/bench-harness and tests/cli/run.bats hold the suite against. usage: bare WORKLOAD OPS
 * WINDOWS [DISK [NET [SERIAL]]], "-" for none; prints cycles and minor faults per operation of each
 * window. OPS becomes a number that the workload can do, as the suite's largest sample does, and
 * the suite's smaller samples come in between, of which nothing is printed: what the kernel has
 * left of the windows before is part of the speed of the next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/job.h"

static int window(struct run *r, bool show)
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

int main(int argc, char **argv)
{
	const struct workload *w = argc > 3 ? registry_find(argv[1]) : NULL;
	int64_t value[PARAMETERS_MAX];
	int cpu = 0, ret = 0;
	uint32_t i, size, windows;
	const char *why;
	struct block b;
	struct job job;

	if (!w)
		return 2;
	layout_fix(argc - 1, argv + 1); /* as the suite does */
	while (workload_pin(cpu + 1) == 0)
		cpu++;
	ret = workload_pin(cpu);
	workload_defaults(w, value);
	job = (struct job){ .w = w,
			    .run = { .workload = w,
				     .value = value,
				     .cpu = cpu,
				     .cpus = cpu + 1,
				     .max_ops = w->max_ops,
				     .multiple = w->multiple,
				     .disk = device(argc, argv, 4),
				     .net = device(argc, argv, 5),
				     .serial = device(argc, argv, 6) } };
	why = workload_unsupported(w, &job.run);
	if (why) {
		fprintf(stderr, "bare: %s: %s\n", argv[1], why);
		return 4;
	}
	job.smallest = strtoull(argv[2], NULL, 10) >> (SIZES - 1);
	job_resize(&job, job.smallest ? job.smallest : 1);
	windows = (uint32_t)atoi(argv[3]);
	/* The first block is a warm-up. */
	for (i = 0; i <= windows && !ret; i++) {
		ret = plan_block(&b, 1, 1, i);
		for (size = 0; size < SIZES && !ret; size++) {
			job.run.ops = job.smallest << b.size[0][size];
			ret = window(&job.run, i > 0 && b.size[0][size] == SIZES - 1);
		}
		plan_free(&b);
	}
	if (ret)
		fprintf(stderr, "bare: %s: %s\n", argv[1], strerror(-ret));
	return ret ? 5 : 0;
}
