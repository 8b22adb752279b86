// SPDX-License-Identifier: MIT
#include "attach/host.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

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

static uint64_t monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

unsigned int host_tsc_khz(void)
{
	const uint64_t begin = monotonic_ns(), tsc = __rdtsc();
	uint64_t now;

	do {
		now = monotonic_ns();
	} while (now - begin < 50000000);
	return (unsigned int)((double)(__rdtsc() - tsc) * 1e6 / (double)(now - begin));
}
