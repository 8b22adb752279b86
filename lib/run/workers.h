/* SPDX-License-Identifier: MIT */
/* One sample on several vCPUs: a process on each. */
#ifndef RUN_WORKERS_H
#define RUN_WORKERS_H

#include "run/window.h"

/*
 * The processes of one sample on win->cpus vCPUs (workers.c). workers_sample() is set-up, window
 * and verification of all of them; teardown of our own share is the caller's. s->ops and s->usage
 * are the sums, and s->vcpu, where the caller made room, gets what each vCPU did.
 */
struct workers;
struct workers *workers_make(const struct window *win, const struct bench *r);
int workers_sample(struct workers *t, struct window *win, struct bench *r, struct result_sample *s);
void workers_end(struct workers *t); /* kills the remaining ones; NULL is ignored */

#endif
