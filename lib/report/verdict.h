/* SPDX-License-Identifier: MIT */
#ifndef VERDICT_H
#define VERDICT_H

#include "report/estimate.h"

/* Fill in the band of c->class: declared by the workload, or 0 when it declares any other. */
void verdict_band(struct estimate_class *c, const struct result_workload *w);
enum estimate_verdict verdict_of(const struct estimate_class *c);

#endif
