/* SPDX-License-Identifier: MIT */
/*
 * The engine: plan -> window -> sample -> trial -> result. It fills a struct result and knows
 * neither JSON nor estimates.
 */
#ifndef RUN_H
#define RUN_H

#include "catalog/catalog.h"
#include "exitprobe.h"
#include "result/result.h"
#include "workload.h"

struct options {
	const struct setting *setting; /* the last one of a parameter wins */
	size_t settings;
	uint32_t repeat;
	uint64_t seed;
	uint64_t ops;     /* smallest sample of every workload; 0: sized by time */
	double time;      /* seconds of one block of one workload; 0: as precision and budget say */
	double precision; /* half-width of an interval that is aimed at, in percent of the estimate
			     or hundredths of an exit per op; 0: not aimed at */
	double budget;    /* seconds that all samples may take together, where time is 0; 0: 4 s of
			     each workload */
	uint32_t warmup;  /* windows of each workload and block that are thrown away */
	int cpu;          /* -1: chosen */
	const int *cpus;  /* [vcpus]: workloads run on all of these at once; the first is cpu */
	size_t vcpus;     /* 0 and 1: on cpu alone */
	const char *disk, *serial, *net; /* what workloads may write to; NULL: nothing */
	double timeout;   /* seconds that one sample may take before it counts as stuck */
	bool warm_memory; /* touch all free memory first */
	/* Called between windows, never inside one. */
	void (*progress)(void *context, const char *workload, uint32_t repeat, size_t done,
			 size_t total, double seconds_left);
	void *context;
};

/*
 * Run everything selected. Returns 0, -EINTR when a signal ended it early, or another negative
 * errno (out of memory, cannot pin). Workloads that fail or are skipped say so in their status.
 */
int run_all(struct result *r, const struct exitprobe *p, const struct workload *const *selected,
	    size_t n, const struct options *o);

#endif
