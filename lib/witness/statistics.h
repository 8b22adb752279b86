/* SPDX-License-Identifier: MIT */
/*
 * Exits by reason as KVM_GET_STATS_FD shows them, in QEMU's answer to query-stats: the array
 * "exit_count" of each object, which QEMU passes on from its last value to its first.
 */
#ifndef STATISTICS_H
#define STATISTICS_H

#include <stdbool.h>

#include "exitprobe.h"
#include "witness/fault.h"
#include "witness/scan.h"

struct statistics {
	uint64_t count[EXITPROBE_SLOTS]; /* by number of slot, summed over the objects */
	bool shown;                      /* this KVM counts by reason */
};

/* t->data may be NULL: nothing is shown. Returns 0, or a negative errno with the fault. */
int statistics_parse(struct statistics *s, const struct text *t, struct fault *f);

#endif
