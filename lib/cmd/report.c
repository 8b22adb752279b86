// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/report_options.h"
#include "report/report.h"
#include "result/output.h"
#include "result/result.h"

static const char usage[] =
	"usage: suite report FILE... [--format=NAME] [-o OUT] [OPTION...]\n\n"
	"Show result files again, computed anew from their raw samples: one, or up to 8\n"
	"as sides of one report. FILE - is standard input; of a folder its nested.json\n"
	"and shadow.json are taken. Beside a file NAME, witness-NAME and\n"
	"boot-NAME are read with it.\n\n"
	"  --format=NAME  text (default), and\n"
	"       html         one self-contained page with pictures and the raw data\n"
	"       md           Markdown: the summary and a table\n"
	"       json         {\"workloads\": [{name, status, op, per_op, ns_per_op}], ...};\n"
	"                    of several files {\"sides\": [...], \"summary\": [...]}\n"
	"       csv          a line per estimate\n"
	"       gnuplot      a script with its data: gnuplot OUT >exits.svg\n"
	"       openmetrics  for Prometheus and its relatives\n"
	"       gbench       Google Benchmark's JSON, for its compare.py; one file only\n"
	"  --json, --csv, --html   the same as --format=...\n"
	"  -o OUT         write there; .html, .md, .json, .csv, .gp and .prom choose the\n"
	"                 form\n"
	"  --strict       status 1 when a workload's exits are not as expected\n"
	"  --color WHEN   auto, always or never\n";

/* One of each for every side. */
struct files {
	struct result result[SIDES_MAX], boot[SIDES_MAX];
	struct witness witness[SIDES_MAX];
};

static int render(const struct report_settings *s, const struct report *r, FILE *out)
{
	const struct sides *sides = &r->sides;
	bool colour;
	size_t i;

	if (s->form->write)
		return s->form->write(r, out);
	colour = colour_wanted(out, s->color);
	for (i = 0; i < sides->sides; i++) {
		if (sides->sides > 1)
			fprintf(out, "%s%c, %s\n\n", i ? "\n" : "", sides->side[i].letter,
				sides->side[i].label);
		report_text(sides->side[i].result, out, colour);
	}
	report_summary_text(&r->summary, out, colour);
	return 0;
}

static int show(const struct report_settings *s, const struct report *r)
{
	char message[512];
	struct output o;
	size_t i, unexpected = 0;
	int ret;

	if (output_open(&o, s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "report: %s", message);
	ret = render(s, r, o.file);
	if (ret) {
		output_abandon(&o);
		return complain(EXIT_ENVIRONMENT, "report: %s", strerror(-ret));
	}
	if (output_commit(&o, s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "report: %s", message);
	for (i = 0; i < r->sides.sides; i++)
		unexpected += r->sides.side[i].e.count[ESTIMATE_UNEXPECTED];
	return s->strict && unexpected ? EXIT_FINDING : EXIT_DONE;
}

/* "boot-NAME" beside the file, when it is there: an exit status. */
static int read_boot(struct result *boot, const struct result *r)
{
	char message[512], *path;
	int status = EXIT_DONE;

	path = strcmp(r->path, "-") ? witness_beside(r->path, "boot") : NULL;
	if (!path || access(path, F_OK))
		goto out;
	if (result_read(boot, path, message, sizeof(message)))
		status = complain(EXIT_USAGE, "report: %s", message);
	else if (boot->vendor != r->vendor || boot->instance != r->instance)
		status = complain(EXIT_USAGE, "report: %s: is of another VM than %s: move it away",
				  path, r->path);
out:
	free(path);
	return status;
}

static int read_files(const struct report_settings *s, struct files *f)
{
	char message[512];
	size_t i;
	int ret, status = EXIT_DONE;

	for (i = 0; i < s->paths && !status; i++) {
		if (result_read(&f->result[i], s->path[i], message, sizeof(message)))
			return complain(EXIT_USAGE, "report: %s", message);
		ret = witness_read(&f->witness[i], &f->result[i], message, sizeof(message));
		if (ret && ret != -ENOENT)
			return complain(EXIT_USAGE, "report: %s", message);
		if (ret)
			witness_free(&f->witness[i]);
		status = read_boot(&f->boot[i], &f->result[i]);
	}
	return status;
}

static int report_files(const struct report_settings *s, struct files *f)
{
	const struct result *list[SIDES_MAX];
	struct report r;
	size_t i;
	int status = read_files(s, f);

	if (status)
		return status;
	for (i = 0; i < s->paths; i++)
		list[i] = &f->result[i];
	status = report_make(&r, list, f->witness, f->boot, s->paths)
			 ? complain(EXIT_ENVIRONMENT, "report: out of memory")
			 : show(s, &r);
	report_free(&r);
	return status;
}

int cmd_report(int argc, char **argv)
{
	struct report_settings s = { .output = "-", .color = "auto" };
	struct files f = { 0 };
	int status;
	size_t i;

	status = report_parse(&s, argc, argv);
	if (status < 0) {
		fputs(usage, stdout);
		status = EXIT_DONE;
	} else if (!status) {
		status = report_files(&s, &f);
	}
	for (i = 0; i < SIDES_MAX; i++) {
		result_free(&f.result[i]);
		result_free(&f.boot[i]);
		witness_free(&f.witness[i]);
		free(s.path[i]);
	}
	return status;
}
