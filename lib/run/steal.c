// SPDX-License-Identifier: MIT
#include "run/steal.h"

#include <stdio.h>
#include <string.h>

/* Field 8 of a line in /proc/stat (proc(5)); the line of all CPUs has no number. */
uint64_t steal_read(int cpu)
{
	unsigned long long steal = 0;
	char line[512], label[16] = "cpu ";
	FILE *f = fopen("/proc/stat", "re");

	if (!f)
		return 0;
	if (cpu != STEAL_ALL_CPUS)
		snprintf(label, sizeof(label), "cpu%d ", cpu);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, label, strlen(label)))
			continue;
		sscanf(line + strlen(label), "%*u %*u %*u %*u %*u %*u %*u %llu", &steal);
		break;
	}
	fclose(f);
	return steal;
}
