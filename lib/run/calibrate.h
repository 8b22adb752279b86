/* SPDX-License-Identifier: MIT */
/* The cost of an empty bracket and of this guest's clock. */
#ifndef RUN_CALIBRATE_H
#define RUN_CALIBRATE_H

#include "run/window.h"

/* Measure empty brackets and the clock's exits. 0 or a negative errno. */
int calibrate(struct window *win, struct result_calibration *c);
struct clock_origin {
	uint64_t tsc;
	double seconds; /* CLOCK_MONOTONIC_RAW */
};
struct clock_origin calibrate_tsc_begin(void);
double calibrate_tsc_khz(const struct clock_origin *o); /* of the guest TSC, since *o */
double calibrate_uptime(void);                          /* seconds since the kernel started */

#endif
