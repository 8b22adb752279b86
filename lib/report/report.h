/* SPDX-License-Identifier: MIT */
/*
 * What a result file says, for people and for programs. Everything is computed anew from the raw
 * samples.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "estimate/sides.h"
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

/* The sentences of the summary, for a terminal. */
void report_words(const struct sides *s, FILE *out, bool colour);

/* Other forms. Return 0 or -ENOMEM; a stream that fails is the caller's to find. */
int report_json(const struct sides *s, FILE *out);
int report_csv(const struct sides *s, FILE *out);
int report_html(const struct sides *s, FILE *out); /* one file, nothing loaded from elsewhere */
int report_markdown(const struct sides *s, FILE *out);
int report_gnuplot(const struct sides *s, FILE *out);     /* data within: one file to run */
int report_openmetrics(const struct sides *s, FILE *out); /* OpenMetrics 1.0 text */
int report_gbench(const struct sides *s, FILE *out);      /* Google Benchmark's JSON */

#endif
