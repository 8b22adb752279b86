/* SPDX-License-Identifier: MIT */
#ifndef RUN_STEAL_H
#define RUN_STEAL_H

#include <stdint.h>

#define STEAL_ALL_CPUS (-1)

/* Steal time of one CPU, or of all, in ticks since the boot: 0 when it cannot be read. */
uint64_t steal_read(int cpu);

#endif
