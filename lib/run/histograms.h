/* SPDX-License-Identifier: MIT */
/* Histograms of exit time over a whole run. */
#ifndef RUN_HISTOGRAMS_H
#define RUN_HISTOGRAMS_H

#include "exitprobe.h"
#include "result/result.h"

/*
 * Fill r->histogram with the busy time of the exits between the two calls, if the probe has
 * histograms. s: the reading just made. Return 0 or a negative errno. Cost: 16 exits for each
 * reason in s.
 */
int histograms_begin(struct result *r, const struct exitprobe *p,
		     const struct exitprobe_snapshot *s);
int histograms_end(struct result *r, const struct exitprobe *p, const struct exitprobe_snapshot *s);

#endif
