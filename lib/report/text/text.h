/* SPDX-License-Identifier: MIT */
/* Between the parts of the terminal report. */
#ifndef TEXT_H
#define TEXT_H

#include "estimate/estimate.h"
#include "text/style.h"

void text_head(const struct styled *t, const struct estimate *e);
void text_workload(const struct styled *t, const struct estimate *e,
		   const struct estimate_workload *w);

#endif
