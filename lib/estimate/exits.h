/* SPDX-License-Identifier: MIT */
#ifndef EXITS_H
#define EXITS_H

#include "estimate/blocks.h"
#include "estimate/estimate.h"

/* Background of one class: exits per unit of its time. */
struct exits_lambda {
	double all;    /* from all blocks together */
	double *block; /* [control.blocks]: from each */
};

/* The workload that only spins, whose exits are background: the same for all workloads of a run. */
struct exits_control {
	const struct result_workload *spin; /* NULL: there is none */
	struct blocks blocks;
	struct exits_lambda exit_class[EXITPROBE_CLASSES];
	double timer_rate; /* exits of all classes that time brings, per cycle of spinning */
	bool classes_only; /* set by the caller: neither rows nor lack of fit */
};

/* Returns 0 or -ENOMEM; exits_control_free() in both cases. */
int exits_control_make(struct exits_control *c, const struct result *r,
		       const struct result_workload *spin);
void exits_control_free(struct exits_control *c);

/* Rows, classes and verdicts of e->w. */
int exits_estimate(struct estimate_workload *e, const struct result *r, struct exits_control *c);

#endif
