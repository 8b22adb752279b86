/* SPDX-License-Identifier: MIT */
#ifndef VERDICT_H
#define VERDICT_H

#include "estimate/estimate.h"

/*
 * Fill in the band of c->class: declared by the workload, or 0 when it declares any other. noise:
 * exits per op that background of this class may bring; see verdict_is_timer(). For other classes
 * it is what was subtracted, which may be too much: a CPU that an operation keeps busy does not
 * halt as it did next to the spin control. With page-table isolation a tick crosses (CR_ACCESS)
 * only where it interrupts user mode, as it always does there; an operation that is in the kernel
 * or asleep has had less, down to none.
 */
void verdict_band(struct estimate_class *c, const struct result_workload *w, double noise);

/*
 * Classes that time brings, not operations: ticks and the host's interrupts. How a tick exits
 * depends on what it finds: a window when the guest has interrupts off, an interrupt of the host
 * while the guest runs. The spin control shows their sum, not how another workload distributes it.
 */
bool verdict_is_timer(enum exitprobe_class exit_class);
enum estimate_verdict verdict_of(const struct estimate_class *c);

#endif
