/* SPDX-License-Identifier: MIT */
/* One sample of a workload. */
#ifndef RUN_SAMPLE_H
#define RUN_SAMPLE_H

#include "run/window.h"

/* Runs setup, window, verify and teardown. timeout: seconds. 0, or -errno with r->why filled in. */
int sample_run(struct window *win, struct bench *r, struct result_sample *s, double timeout);

#endif
