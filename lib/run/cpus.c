// SPDX-License-Identifier: MIT
#include "run/cpus.h"

#include <errno.h>
#include <stdio.h>

int run_cpus(struct options *o, int cpus[CPU_SETSIZE], char *message, size_t size)
{
	cpu_set_t set;
	size_t n = 0;
	int i;

	if (sched_getaffinity(0, sizeof(set), &set)) {
		snprintf(message, size, "the list of allowed CPUs cannot be read");
		return -EIO;
	}
	if (o->cpu >= 0 && !CPU_ISSET(o->cpu, &set)) {
		snprintf(message, size, "--cpu %d is not online or not allowed here", o->cpu);
		return -EINVAL;
	}
	for (i = CPU_SETSIZE - 1; i >= 0 && o->cpu < 0; i--)
		if (CPU_ISSET(i, &set))
			o->cpu = i;
	cpus[n++] = o->cpu;
	for (i = CPU_SETSIZE - 1; i >= 0 && n < o->vcpus; i--)
		if (CPU_ISSET(i, &set) && i != o->cpu)
			cpus[n++] = i;
	if (o->vcpus < CPU_SETSIZE && n < o->vcpus) {
		snprintf(message, size, "--vcpus %zu, but only %zu CPU%s may be used here",
			 o->vcpus, n, n == 1 ? "" : "s");
		return -EINVAL;
	}
	o->vcpus = n;
	o->cpus = cpus;
	return 0;
}
