/* SPDX-License-Identifier: MIT */
/* Inside the engine: one workload during a run. */
#ifndef RUN_TRIAL_H
#define RUN_TRIAL_H

#include "catalog/catalog.h"
#include "run/run.h"
#include "run/window.h"
#include "workload.h"

/* State of one workload during a run. */
struct trial {
	const struct workload *w;
	struct result_workload *out;
	struct bench bench;
	int64_t value[PARAMETERS_MAX];
	uint64_t smallest; /* ops of the smallest sample */
	double cycles;     /* per op, for the remaining time */
	bool active;
};

struct engine {
	struct result *r;
	const struct options *o;
	struct window win;
	struct trial *trial;
	size_t trials, done, total;
	double cycles_per_second;
	uint32_t order;
};

/* Stop running it; its status and reason say why. */
void trial_give_up(struct trial *t, enum result_status status, const char *why);
/* Set names and parameters, and find out whether it can run here at all. */
int trial_open(struct engine *e, struct trial *t, const struct workload *w);
/* Move an external program's command line and output into the result. */
void trial_close(struct trial *t);
/* Choose how many operations its smallest sample gets. */
int trial_size(struct engine *e, struct trial *t);
/* The largest permitted smallest sample, by what the workload can hold at once. */
uint64_t trial_limit(const struct trial *t);
/* Set the smallest sample, within the limit, to a number that the workload can do. */
void trial_resize(struct trial *t, uint64_t smallest);
/* Enlarge it if a few windows show that the interval would be too wide (precision.c). */
int trial_refine(struct engine *e, struct trial *t);
/* Seconds that the time budget leaves each workload in a block. */
double trial_share(const struct engine *e);
/* A sample whose numbers are not kept. */
int trial_discarded(struct engine *e, struct trial *t, uint64_t ops, struct result_sample *s);

#endif
