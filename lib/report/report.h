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

/*
 * The formats, a line each: report_ID() writes it; the name that --format takes, the ending of a
 * file that chooses it, help, and whether it shows one side only.
 */
#define REPORT_EACH_FORMAT(X)                                                                     \
	X(terminal, "text", NULL, "for a terminal (the default)", false)                          \
	X(html, "html", ".html", "one self-contained page with pictures and the raw data", false) \
	X(markdown, "md", ".md", "Markdown: the summary and a table", false)                      \
	X(json, "json", ".json",                                                                  \
	  "{\"workloads\": [{name, status, op, per_op, ns_per_op}], ...}; for several files "     \
	  "{\"sides\": [...], \"summary\": [...]}",                                               \
	  false)                                                                                  \
	X(csv, "csv", ".csv", "one line per estimate", false)                                     \
	X(gnuplot, "gnuplot", ".gp", "a script with its data: gnuplot OUT >exits.svg", false)     \
	X(openmetrics, "openmetrics", ".prom", "for Prometheus and its relatives", false)         \
	X(gbench, "gbench", NULL, "Google Benchmark's JSON, for its compare.py; one file only",   \
	  true)

/* All return 0 or -ENOMEM; a stream that fails is the caller's to find. */
#define REPORT_PROTOTYPE(id, ...) int report_##id(const struct report *r, FILE *out);
REPORT_EACH_FORMAT(REPORT_PROTOTYPE)
#undef REPORT_PROTOTYPE

struct report_format {
	struct choice choice;
	int (*write)(const struct report *r, FILE *out);
	bool one_file;
};
extern const struct report_format report_formats[];

#endif
