/* SPDX-License-Identifier: MIT */
/* What counters since the VM started say without any sample: an imported listing. */
#ifndef LISTING_H
#define LISTING_H

#include "result/result.h"
#include "text/style.h"

/* The report of a listing for a terminal: paging mode, and all reasons by size. */
void listing_text(const struct tones *t, const struct result *r);

#endif
