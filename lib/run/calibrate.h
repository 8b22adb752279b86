/* SPDX-License-Identifier: MIT */
/* What the bracket and the clock of this guest cost. */
#ifndef RUN_CALIBRATE_H
#define RUN_CALIBRATE_H

#include "run/window.h"

/* Empty brackets, TSC rate, cost of the clock. */
int calibrate(struct window *win, struct result_calibration *c);
struct clock_origin {
	uint64_t tsc;
	double seconds; /* CLOCK_MONOTONIC_RAW */
};
struct clock_origin calibrate_tsc_begin(void);
double calibrate_tsc_khz(const struct clock_origin *o); /* guest TSC rate since then */
double calibrate_uptime(void);                          /* seconds since the kernel started */

#endif
