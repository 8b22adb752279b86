/* SPDX-License-Identifier: MIT */
/*
 * The text of a tracefs histogram with the keys common_pid and exit_reason, or common_pid alone
 * (Documentation/trace/histogram.rst).
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdbool.h>

#include "witness/fault.h"
#include "witness/problem.h"
#include "witness/scan.h"

struct bucket {
	uint64_t thread;
	uint32_t reason; /* 0 without that key */
	uint64_t count;  /* at most INT64_MAX */
};

/* A number that the histogram's own last lines give. */
struct own_total {
	uint64_t value;
	bool given;
};

struct histogram {
	const char *name; /* in problems: "histogram" */
	bool reasons;     /* exit_reason is a key */
	struct bucket *bucket;
	size_t buckets, room;
	struct own_total hits, entries, dropped;
};

/*
 * Set name and reasons first. A line that is not understood and two lines of one key are problems.
 * Returns 0, or -ENOMEM with the fault; histogram_free() in both cases.
 */
int histogram_parse(struct histogram *h, const struct text *t, struct problem *p, struct fault *f);
/* Problems: exits that the kernel could not put into the histogram, or it does not say how many. */
void histogram_check_dropped(const struct histogram *h, struct problem *p);
/* Problem: its last lines give other sums than the lines before have, so some are missing. */
void histogram_check_totals(const struct histogram *h, struct problem *p);
void histogram_free(struct histogram *h);

#endif
