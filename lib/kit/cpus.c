// SPDX-License-Identifier: MIT
#include <sched.h>

#include "base/cpu.h"
#include "kit/cpus.h"
#include "workload.h"

int workload_pin(int cpu)
{
	return cpu_pin(cpu);
}

int workload_set_batch(bool on)
{
	const struct sched_param none = { 0 };

	return sched_setscheduler(0, on ? SCHED_BATCH : SCHED_OTHER, &none) ? -errno : 0;
}

int workload_set_fifo(bool on)
{
	const struct sched_param priority = { on ? 1 : 0 };
	int policy = on ? SCHED_FIFO | SCHED_RESET_ON_FORK : SCHED_OTHER;

	return sched_setscheduler(0, policy, &priority) ? -errno : 0;
}

/* The engine has pinned us, so our own mask says nothing: try, and let the kernel refuse. */
int workload_other_cpu(const struct bench *b)
{
	int cpu, found = -1;

	for (cpu = 0; cpu < CPU_SETSIZE && found < 0; cpu++)
		if (cpu != b->cpu && !workload_pin(cpu))
			found = cpu;
	workload_pin(b->cpu);
	return found;
}
