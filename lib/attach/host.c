// SPDX-License-Identifier: MIT
#include "attach/host.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>
#include <x86intrin.h>

#include "base/clock.h"
#include "exitprobe.h"

static bool flag_of(const char *path)
{
	FILE *f = fopen(path, "re");
	int c = f ? getc(f) : EOF;

	if (f)
		fclose(f);
	return c == 'Y' || c == '1';
}

int host_describe(struct memory_header *h)
{
	static const char intel[] = "/sys/module/kvm_intel/parameters/ept";
	static const char amd[] = "/sys/module/kvm_amd/parameters/npt";
	bool nested;

	if (!access(intel, R_OK)) {
		h->vendor = EXITPROBE_VMX;
		nested = flag_of(intel);
	} else if (!access(amd, R_OK)) {
		h->vendor = EXITPROBE_SVM;
		nested = flag_of(amd);
	} else {
		return -ENOENT;
	}
	h->paging = nested ? EXITPROBE_NESTED : EXITPROBE_SHADOW;
	while (!h->instance)
		if (getrandom(&h->instance, sizeof(h->instance), 0) < 0)
			break;
	return 0;
}

unsigned int host_tsc_khz(void)
{
	const double begin = clock_seconds();
	const uint64_t tsc = __rdtsc();
	double seconds;

	do {
		seconds = clock_seconds() - begin;
	} while (seconds < 0.05);
	return (unsigned int)((double)(__rdtsc() - tsc) / seconds / 1e3);
}
