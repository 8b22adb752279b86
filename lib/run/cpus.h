/* SPDX-License-Identifier: MIT */
#ifndef RUN_CPUS_H
#define RUN_CPUS_H

#include <sched.h>

#include "run/run.h"

/*
 * Choose the CPUs of a run, o->vcpus of them (CPU_SETSIZE: all): o->cpu, or the last one that may
 * be used, as the first one takes most interrupts; with o->vcpus the next ones before it, too. They
 * are in cpus[], to which o->cpus then points. Returns 0, or -EINVAL or -EIO with one line.
 */
int run_cpus(struct options *o, int cpus[CPU_SETSIZE], char *message, size_t size);

#endif
