/* SPDX-License-Identifier: MIT */
/* What counters since the VM started show without samples: an imported listing. */
#ifndef REPORT_DUMP_H
#define REPORT_DUMP_H

#include "result/result.h"
#include "text/style.h"

/* The report of a listing for a terminal: paging mode, and all reasons by size. */
void dump_text(const struct styled *t, const struct result *r);

#endif
