/* SPDX-License-Identifier: MIT */
/* Which CPU runs a workload, and when. */
#ifndef KIT_CPUS_H
#define KIT_CPUS_H

#include "workload.h"

/* Pin the calling thread. 0 or -errno. */
int workload_pin(int cpu);
/* With true, tasks that we wake do not preempt us (SCHED_BATCH; children inherit it): every
 * hand-over is then one switch, never two. 0 or -errno. */
int workload_set_batch(bool on);
/* With true, this process runs until it sleeps, whatever else is runnable (SCHED_FIFO; children do
 * not inherit it). 0 or -errno; needs CAP_SYS_NICE. */
int workload_set_fifo(bool on);
/* A CPU other than b->cpu that this process may use, or -1. */
int workload_other_cpu(const struct bench *b);

#endif
