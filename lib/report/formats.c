// SPDX-License-Identifier: MIT
/* The formats of a report: one file each, one line each here. */
#include "report/report.h"

const struct report_format report_formats[] = {
	{ { "text", NULL, "for a terminal (the default)" }, report_terminal, false },
	{ { "html", ".html", "one self-contained page with pictures and the raw data" },
	  report_html,
	  false },
	{ { "md", ".md", "Markdown: the summary and a table" }, report_markdown, false },
	{ { "json", ".json",
	    "{\"workloads\": [{name, status, op, per_op, ns_per_op}], ...}; for several files "
	    "{\"sides\": [...], \"summary\": [...]}" },
	  report_json,
	  false },
	{ { "csv", ".csv", "one line per estimate" }, report_csv, false },
	{ { "gnuplot", ".gp", "a script with its data: gnuplot OUT >exits.svg" },
	  report_gnuplot,
	  false },
	{ { "openmetrics", ".prom", "for Prometheus and its relatives" },
	  report_openmetrics,
	  false },
	{ { "gbench", NULL, "Google Benchmark's JSON, for its compare.py; one file only" },
	  report_gbench,
	  true },
	{ .choice.name = NULL },
};

int report_terminal(const struct report *r, FILE *out)
{
	const struct sides *sides = &r->sides;
	size_t i;

	for (i = 0; i < sides->sides; i++) {
		if (sides->sides > 1)
			fprintf(out, "%s%c, %s\n\n", i ? "\n" : "", sides->side[i].letter,
				sides->side[i].label);
		report_text(sides->side[i].result, out, r->colour);
	}
	report_summary_text(&r->summary, out, r->colour);
	return 0;
}
