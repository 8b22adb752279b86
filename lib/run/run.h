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
	double time;      /* seconds of one block of one workload; 0: from precision and budget */
	double precision; /* intended half-width of an interval, in percent of the estimate or
			     hundredths of an exit per op; 0: none */
	double budget;    /* seconds that all samples may take together if time is 0; 0: 4 s per
			     workload */
	uint32_t warmup;  /* discarded windows of each workload and block */
	int cpu;          /* -1: the engine chooses */
	const int *cpus;  /* [vcpus]: workloads run on all of these at once; the first equals cpu */
	size_t vcpus;     /* 0 or 1: on cpu alone */
	const char *disk, *serial, *net; /* devices that workloads may write to, or NULL */
	double timeout;   /* seconds that one sample may take before it counts as stuck */
	bool warm_memory; /* touch all free memory first */
	/* Called between windows, never inside one. */
	void (*progress)(void *context, const char *workload, uint32_t repeat, size_t done,
			 size_t total, double seconds_left);
	void *context;
};

/*
 * Run everything selected. Returns 0, -EINTR when a signal ended it early, or another negative
 * errno (out of memory, cannot pin). Failed and skipped workloads have that status and a reason.
 */
int run_all(struct result *r, const struct exitprobe *p, const struct workload *const *selected,
	    size_t n, const struct options *o);

#endif
