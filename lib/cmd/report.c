// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/report.h"
#include "result/bundle.h"
#include "result/output.h"

struct settings {
	int form; /* position in report_formats; -1: as the output's name ends */
	bool strict;
	const char *output;
	enum colour_when color;
};

static const struct option_def options[] = {
	{ "format", .type = OPTION_CHOICE, .metavar = "FORM",
	  .help = "one of:", OPTION_AT(struct settings, form), .choices = CHOICES(report_formats) },
	{ "json", .type = OPTION_CHOSEN, .help = "the same as --format=json",
	  OPTION_AT(struct settings, form), .choices = CHOICES(report_formats), .values = "json" },
	{ "csv", .type = OPTION_CHOSEN, .help = "the same as --format=csv",
	  OPTION_AT(struct settings, form), .choices = CHOICES(report_formats), .values = "csv" },
	{ "html", .type = OPTION_CHOSEN, .help = "the same as --format=html",
	  OPTION_AT(struct settings, form), .choices = CHOICES(report_formats), .values = "html" },
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "write to FILE, whose ending chooses the format when --format does not",
	  OPTION_AT(struct settings, output), .values = ":files" },
	{ "strict", .help = "status 1 when a workload's exits are not as expected",
	  OPTION_AT(struct settings, strict) },
	COLOR_OPTION(struct settings, color),
	{ .name = NULL },
};

struct page {
	const struct settings *s;
	struct report *report;
};

static int print(const void *context, FILE *out)
{
	const struct page *page = context;

	page->report->colour = colour_wanted(out, page->s->color);
	return report_formats[page->s->form].write(page->report, out);
}

static int show(const struct command *self, const struct settings *s, const struct bundles *b)
{
	const struct result *list[SIDES_MAX];
	size_t i, unexpected = 0;
	struct report r;
	int status;

	for (i = 0; i < b->n; i++)
		list[i] = &b->result[i];
	status = command_status(self, report_make(&r, list, b->witness, b->boot, b->n), NULL);
	if (!status)
		status = command_output(self, s->output, print, &(struct page){ s, &r });
	for (i = 0; i < r.sides.sides; i++)
		unexpected += r.sides.side[i].e.count[ESTIMATE_UNEXPECTED];
	report_free(&r);
	return !status && s->strict && unexpected ? EXIT_FINDING : status;
}

static int check(const struct settings *s, const struct bundles *b)
{
	size_t i, streams = 0;

	if (!b->n)
		return complain(EXIT_USAGE,
				"report: give at least one result file; see 'suite help report'");
	if (report_formats[s->form].one_file && b->n > 1)
		return complain(EXIT_USAGE,
				"report: --format=%s takes one result file: write one report for "
				"each",
				report_formats[s->form].choice.name);
	for (i = 0; i < b->n; i++) {
		streams += !strcmp(b->path[i], "-");
		if (output_same(s->output, b->path[i]))
			return complain(EXIT_USAGE,
					"report: '%s' is the result file itself: name another file "
					"with -o",
					s->output);
	}
	if (streams > 1)
		return complain(
			EXIT_USAGE,
			"report: standard input (-) can be read once: name the other files");
	return EXIT_DONE;
}

static int report(const struct command *self, int argc, char **argv)
{
	const struct choices forms = CHOICES(report_formats);
	struct settings s = { .form = -1, .output = "-" };
	struct bundles b = { .most = SIDES_MAX };
	char message[512];
	int i, status = command_options(self, &s, &argc, argv);

	for (i = 0; i < argc && !status; i++)
		status = command_status(self, bundles_add(&b, argv[i], message, sizeof(message)),
					message);
	if (s.form < 0)
		s.form = choice_by_ending(&forms, s.output);
	if (!status)
		status = check(&s, &b);
	if (!status)
		status = command_status(self, bundles_read(&b, message, sizeof(message)), message);
	if (!status)
		status = show(self, &s, &b);
	bundles_free(&b);
	return status;
}

COMMAND(command) = {
	.order = 70,
	.summary = "show a result file again: text, JSON, CSV or HTML",
	.run = report,
	.line = { .name = "report",
		  .synopsis = "FILE... [OPTION...]",
		  .about = "Show result files again, computed from their raw samples: one, or "
			   "up to 8 as sides of one report. FILE - is standard input; from a "
			   "folder, its nested.json and shadow.json are taken. witness-NAME and "
			   "boot-NAME next to a file NAME are read with it.",
		  .option = options,
		  .operands = ":files" },
};
