/* SPDX-License-Identifier: MIT */
/*
 * How long the hypervisor took over exits of each reason: busy time (ABI.md), which is wall time
 * less what the vCPU was not on a CPU, in cycles of the host's TSC.
 */
#ifndef ESTIMATE_EXIT_TIME_H
#define ESTIMATE_EXIT_TIME_H

#include "result/result.h"

struct exit_time_row {
	uint32_t code;
	const char *name;
	char key[24];
	enum exitprobe_class exit_class;
	uint64_t exits, cycles;   /* in all windows, see below */
	const uint64_t *bucket;   /* [RESULT_BUCKETS] of the whole run, or NULL */
	uint64_t seen;            /* sum of the buckets */
	unsigned int first, last; /* buckets that are not empty */
};

/*
 * Longest sum first. The cycles of CPUID contain the probe's own readings, so its exits do too: the
 * cost of the calibration's reading for every window.
 */
struct exit_time {
	struct exit_time_row *row;
	size_t rows;
	uint64_t cycles;
	double ns_per_cycle; /* of the host's TSC; NaN when not known */
	bool histograms;
	unsigned int first, last; /* of all rows */
};

/* Returns 0 or -ENOMEM; exit_time_free() in both cases. The result must outlive it. */
int exit_time_make(struct exit_time *h, const struct result *r);
void exit_time_free(struct exit_time *h);
double exit_time_mean(const struct exit_time_row *row); /* cycles an exit; NaN without any */

#endif
