/* SPDX-License-Identifier: MIT */
#ifndef EXITS_H
#define EXITS_H

#include "report/estimate.h"

/* Rows, classes and verdicts of e->w. spin: the control whose exits are background, or NULL. */
int exits_estimate(struct estimate_workload *e, const struct result *r,
		   const struct result_workload *spin);

#endif
