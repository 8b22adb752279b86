/* SPDX-License-Identifier: MIT */
/* What counters since the VM started say without any sample: an imported listing. */
#ifndef LISTING_H
#define LISTING_H

#include "text/style.h"

/*
 * One line on the paging mode as the counts show it: "nested: ...", "shadow: ...", "mixed: ..."
 * with how much of all exits cannot be of one mode, by reason. Returns the fingerprint.
 */
enum exitprobe_fingerprint listing_paging(const struct result *r, char *text, size_t size);

/* The report of a listing for a terminal: paging mode, and all reasons by size. */
void listing_text(const struct tones *t, const struct result *r);

#endif
