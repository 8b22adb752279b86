/* SPDX-License-Identifier: MIT */
/*
 * Between the parts of the HTML report. The page has no script and loads nothing; its policy
 * forbids both, so a name in a result file can do no harm. Every number carries its exact value and
 * where `report --json` has it (a JSON pointer): <data value="2.0183" data-at="/workloads/3/...">.
 */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

#include "report/report.h"

#define HTML_POINTER 128

struct page {
	FILE *out;
	const struct report *report;
	const struct sides *s; /* of the report */
	int error;             /* -ENOMEM */
};

/* Escaped for text and for attributes in double quotes; control characters are dropped. */
void html_text(const struct page *p, const char *text);
/* The same, of printf's arguments. */
void html_say(const struct page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* JSON pointer into the report: of one side's object, and of the whole. text: HTML_POINTER bytes;
 * returned. */
const char *html_side_at(const struct page *p, const struct side *side, char *text,
			 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A number, as shown (NULL: format_number()); NaN is a dash. */
void html_data(const struct page *p, double value, const char *shown, const char *at);
/* For elements other than <data>: the two attributes. */
void html_data_attributes(const struct page *p, double value, const char *at);

/* Headings of sections and of parts that are folded. */
void html_section(const struct page *p, const char *id, const char *title);
void html_fold(const struct page *p, bool open, const char *title);
void html_unfold(const struct page *p);
void html_badge(const struct page *p, const char *kind, const char *text);

/* The parts of the page, in its order. */
void html_tiles(const struct page *p);
void html_answers(const struct page *p);
void html_overview(struct page *p);
void html_workloads(struct page *p);
void html_table(struct page *p, const struct side *side, const struct estimate_workload *w);
void html_counters(const struct page *p);
void html_handling(const struct page *p);
void html_environment(const struct page *p);
void html_raw(struct page *p);

/* Patterns that the pictures refer to, and the key to their colours. */
void html_patterns(const struct page *p);
void html_legend(const struct page *p, const bool *classes);

/* One segment of a bar, as shares of the axis. */
void html_segment(const struct page *p, double from, double width, enum exitprobe_class exit_class,
		  double value, const char *at);
/* Those of a side's n-th workload: its operation's classes, on an axis that ends at `end`. */
void html_segments(const struct page *p, const struct side *side, size_t n, double end);
/* The end of an axis: 1, 2 or 5 times a power of ten, or a quarter of a ten. */
double html_axis_end(double most);
void html_axis(const struct page *p, double end, const char *unit);

#endif
