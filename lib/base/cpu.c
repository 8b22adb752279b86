// SPDX-License-Identifier: MIT
#include "base/cpu.h"

#include <errno.h>
#include <sched.h>

int cpu_pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return -EINVAL;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}
