// SPDX-License-Identifier: MIT
/*
 * A workload's loop with nothing around it: no readings, no watchdog, no plan. What
 * scripts/bench-harness and tests/cli/run.bats hold the suite against. usage: bare WORKLOAD OPS
 * WINDOWS [DISK]; prints cycles and minor faults per operation of each window.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/run.h"

static int window(struct run *r)
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
	if (!ret)
		printf("%.3f %.3f\n", (double)(end - begin) / (double)r->ops,
		       (double)usage.minor_faults / (double)r->ops);
	return ret;
}

int main(int argc, char **argv)
{
	const struct workload *w = argc > 3 ? registry_find(argv[1]) : NULL;
	int64_t value[PARAMETERS_MAX];
	int i, cpu = 0, ret = 0;
	struct run r;

	if (!w)
		return 2;
	while (workload_pin(cpu + 1) == 0)
		cpu++;
	ret = workload_pin(cpu);
	workload_defaults(w, value);
	r = (struct run){ .workload = w,
			  .value = value,
			  .cpu = cpu,
			  .cpus = cpu + 1,
			  .disk = argc > 4 ? argv[4] : NULL,
			  .ops = strtoull(argv[2], NULL, 10) };
	if (workload_unsupported(w, &r))
		return 4;
	/* The first one is a warm-up. */
	for (i = 0; i <= atoi(argv[3]) && !ret; i++)
		ret = window(&r);
	if (ret)
		fprintf(stderr, "bare: %s: %s\n", argv[1], strerror(-ret));
	return ret ? 5 : 0;
}
