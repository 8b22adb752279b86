// SPDX-License-Identifier: MIT
/*
 * The same addresses in every run. Where the kernel puts stack, heap and mappings decides how many
 * page tables a process has, and with shadow paging each costs a fork or an exec some exits: with a
 * random layout fork.exit had from 45 to 48 page faults.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "guest/guest.h"

static bool random_in_kernel(void)
{
	FILE *f = fopen("/proc/sys/kernel/randomize_va_space", "re");
	int c = f ? getc(f) : EOF;

	if (f)
		fclose(f);
	return c != '0';
}

const char *layout(void)
{
	int p = personality(0xffffffff);

	return (p != -1 && (p & ADDR_NO_RANDOMIZE)) || !random_in_kernel() ? "fixed" : "random";
}

void layout_fix(int argc, char **argv)
{
	int p = personality(0xffffffff);
	char **again = calloc((size_t)argc + 2, sizeof(*again));

	/* A container may forbid it: then the layout stays random, and its label says so. */
	if (again && p != -1 && !strcmp(layout(), "random") &&
	    personality((unsigned long)p | ADDR_NO_RANDOMIZE) != -1) {
		again[0] = program_invocation_name;
		memcpy(again + 1, argv, (size_t)argc * sizeof(*again));
		execv("/proc/self/exe", again);
		personality((unsigned long)p);
	}
	free(again);
}
