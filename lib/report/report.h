/* SPDX-License-Identifier: MIT */
/*
 * What a result file says, for people and for programs. Everything is computed anew from the raw
 * samples.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "result/result.h"

/* The terminal report. */
void report_text(const struct result *r, FILE *out, bool colour);

/* Number of workload classes whose exits are not as expected (verdict "unexpected"). */
size_t report_unexpected(const struct result *r);

/*
 * Does the paging mode that the hypervisor declared contradict what the counters since the VM
 * started look like, or do these mix both modes? Then text gets one line with the counts.
 */
bool report_paging_contradiction(const struct result *r, char *text, size_t size);

/* Other forms. Return 0 or -ENOMEM; a stream that fails is the caller's to find. */
int report_json(const struct result *r, FILE *out);
int report_csv(const struct result *r, FILE *out);
int report_html(const struct result *r, FILE *out); /* one file, nothing loaded from elsewhere */

#endif
