/* SPDX-License-Identifier: MIT */
/* Which CPU runs a workload, and when. */
#ifndef KIT_CPUS_H
#define KIT_CPUS_H

#include "workload.h"

/* Pin the calling thread. */
int workload_pin(int cpu);
/* Whether those that we wake wait until we sleep (SCHED_BATCH; children inherit it): then every
 * hand-over is one switch, and none is two. */
int workload_set_batch(bool on);
/* Whether this process runs until it sleeps, whatever a tick finds (SCHED_FIFO; children do not
 * inherit it). 0 or -errno: it takes CAP_SYS_NICE. */
int workload_set_fifo(bool on);
/* A CPU beside b->cpu that this process may use, or -1. */
int workload_other_cpu(const struct bench *b);

#endif
