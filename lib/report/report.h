/* SPDX-License-Identifier: MIT */
/*
 * What a result file says, for people and for programs. Everything is computed again from the raw
 * samples.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/options.h"
#include "estimate/sides.h"
#include "result/result.h"
#include "summary/summary.h"

/* What every form shows: the sides, and what their numbers say. */
struct report {
	struct sides sides;
	struct summary summary;
	bool colour; /* of report_terminal() */
};

/* As sides_make(), and the summary. Returns 0 or -ENOMEM; report_free() in both cases. */
int report_make(struct report *r, const struct result *const *result, const struct witness *witness,
		const struct result *boot, size_t n);
void report_free(struct report *r);

/* The terminal report. */
void report_text(const struct result *r, FILE *out, bool colour);

/* Number of workload classes whose exits are not as expected (verdict "unexpected"). */
size_t report_unexpected(const struct result *r);

/* The sentences of the summary, for a terminal. */
void report_summary_text(const struct summary *s, FILE *out, bool colour);

/* A format. All return 0 or -ENOMEM; a stream that fails is the caller's to find. */
struct report_format {
	struct choice choice;
	int (*write)(const struct report *r, FILE *out);
	bool one_file; /* shows one side only */
};
extern const struct report_format report_formats[];

int report_terminal(const struct report *r, FILE *out); /* each side, and the summary */
int report_json(const struct report *r, FILE *out);
int report_csv(const struct report *r, FILE *out);
int report_html(const struct report *r, FILE *out); /* one file, nothing loaded from elsewhere */
int report_markdown(const struct report *r, FILE *out);
int report_gnuplot(const struct report *r, FILE *out);     /* data within: one file to run */
int report_openmetrics(const struct report *r, FILE *out); /* OpenMetrics 1.0 text */
int report_gbench(const struct report *r, FILE *out);      /* Google Benchmark's JSON */

#endif
