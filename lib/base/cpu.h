/* SPDX-License-Identifier: MIT */
#ifndef BASE_CPU_H
#define BASE_CPU_H

/* Pin the calling thread to one CPU. Returns 0, or -errno: -EINVAL when it may not run there. */
int cpu_pin(int cpu);

#endif
