/* SPDX-License-Identifier: MIT */
/* Inside the engine: one workload during a run. */
#ifndef JOB_H
#define JOB_H

#include "catalog/catalog.h"
#include "run/run.h"
#include "run/window.h"
#include "workload.h"

/* Everything of one workload during a run. */
struct job {
	const struct workload *w;
	struct result_workload *out;
	struct run run;
	int64_t value[PARAMETERS_MAX];
	uint64_t smallest; /* ops of the smallest sample */
	double cycles;     /* per op, for the remaining time */
	bool active;
};

struct engine {
	struct result *r;
	const struct options *o;
	struct window win;
	struct job *job;
	size_t jobs, done, total;
	double cycles_per_second;
	uint32_t order;
};

/* It runs no more; its status and reason say why. */
void job_give_up(struct job *j, enum result_status status, const char *why);
/* Names, parameters, and whether it can run here at all. */
int job_open(struct engine *e, struct job *j, const struct workload *w);
/* What a program of somebody else's said goes into the result. */
void job_close(struct job *j);
/* How many operations its smallest sample gets. */
int job_size(struct engine *e, struct job *j);
/* The largest number that may be, by what the workload can hold at once. */
uint64_t job_limit(const struct job *j);
/* Set it, as far as the limit goes, to a number that the workload can do. */
void job_resize(struct job *j, uint64_t smallest);
/* More, where a few windows show that the interval would be too wide (precision.c). */
int job_refine(struct engine *e, struct job *j);
/* Seconds of one block that the time budget leaves each workload. */
double job_share(const struct engine *e);
/* A sample whose numbers are not kept. */
int job_discarded(struct engine *e, struct job *j, uint64_t ops, struct result_sample *s);

#endif
