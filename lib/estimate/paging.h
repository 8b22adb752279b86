/* SPDX-License-Identifier: MIT */
/* What the counters since the VM started show about its paging mode. */
#ifndef ESTIMATE_PAGING_H
#define ESTIMATE_PAGING_H

#include "result/result.h"

/*
 * One line on the paging mode as the counts show it: "nested: ...", "shadow: ...", "mixed: ..."
 * with how much of all exits cannot be of one mode, by reason. Returns the fingerprint.
 */
enum exitprobe_fingerprint paging_seen(const struct result *r, char *text, size_t size);

/*
 * Does the paging mode that the hypervisor declared contradict what the counters look like, or do
 * these mix both modes? Then text gets one line with the counts.
 */
bool paging_contradiction(const struct result *r, char *text, size_t size);

#endif
