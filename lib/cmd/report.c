// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "report/report.h"
#include "result/output.h"
#include "result/result.h"

static const char usage[] =
	"usage: suite report FILE... [--format=NAME] [-o OUT] [OPTION...]\n\n"
	"Show result files again, computed anew from their raw samples: one, or up to 8\n"
	"as sides of one report. FILE - is standard input; of a folder its nested.json\n"
	"and shadow.json are taken. A witness-NAME beside a file NAME is read with it.\n\n"
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

struct settings {
	const struct form *form;
	bool strict;
	const char *output, *color;
	char *path[SIDES_MAX]; /* to free */
	size_t paths;
};

static const struct form {
	const char *name, *end; /* of a file's name */
	int (*write)(const struct sides *s, FILE *out);
} forms[] = {
	{ "text", NULL, NULL }, /* it needs to know of colours */
	{ "json", ".json", report_json },
	{ "csv", ".csv", report_csv },
	{ "html", ".html", report_html },
	{ "md", ".md", report_markdown },
	{ "gnuplot", ".gp", report_gnuplot },
	{ "openmetrics", ".prom", report_openmetrics },
	{ "gbench", NULL, report_gbench },
};

enum { OPT_COLOR = 256, OPT_CSV, OPT_FORMAT, OPT_HTML, OPT_JSON, OPT_STRICT };

static const struct option options[] = { { "color", required_argument, NULL, OPT_COLOR },
					 { "csv", no_argument, NULL, OPT_CSV },
					 { "format", required_argument, NULL, OPT_FORMAT },
					 { "help", no_argument, NULL, 'h' },
					 { "html", no_argument, NULL, OPT_HTML },
					 { "json", no_argument, NULL, OPT_JSON },
					 { "output", required_argument, NULL, 'o' },
					 { "strict", no_argument, NULL, OPT_STRICT },
					 { 0 } };

static const struct form *form_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (!strcmp(forms[i].name, name))
			return &forms[i];
	return NULL;
}

static int no_format(const char *name)
{
	return complain(EXIT_USAGE,
			"report: no format '%s': one of text, html, md, json, csv, gnuplot, "
			"openmetrics, gbench",
			name);
}

static const struct form *form_of(const char *path)
{
	const char *end = strrchr(path, '.');
	size_t i;

	for (i = 0; end && i < sizeof(forms) / sizeof(*forms); i++)
		if (forms[i].end && !strcmp(forms[i].end, end))
			return &forms[i];
	return forms;
}

/* Takes the path over. */
static int add_path(struct settings *s, char *path)
{
	if (!path)
		return complain(EXIT_ENVIRONMENT, "report: out of memory");
	if (s->paths == SIDES_MAX) {
		free(path);
		return complain(
			EXIT_USAGE,
			"report: more than %d result files: 'suite compare' takes any number",
			SIDES_MAX);
	}
	s->path[s->paths++] = path;
	return EXIT_DONE;
}

/* What the laboratory left in a folder. */
static int add_folder(struct settings *s, const char *folder)
{
	static const char *const names[] = { "nested.json", "shadow.json" };
	size_t i, before = s->paths;
	char *path;
	int status = EXIT_DONE;

	for (i = 0; i < 2 && !status; i++) {
		if (asprintf(&path, "%s/%s", folder, names[i]) < 0)
			path = NULL;
		if (path && access(path, F_OK))
			free(path);
		else
			status = add_path(s, path);
	}
	if (!status && s->paths == before)
		return complain(EXIT_USAGE,
				"report: the folder '%s' holds no nested.json or shadow.json: name "
				"the result files",
				folder);
	return status;
}

static int add_inputs(struct settings *s, int n, char **argv)
{
	struct stat st;
	int i, status = EXIT_DONE;

	for (i = 0; i < n && !status; i++)
		status = !stat(argv[i], &st) && S_ISDIR(st.st_mode) ? add_folder(s, argv[i])
								    : add_path(s, strdup(argv[i]));
	return status;
}

static int check(const struct settings *s)
{
	size_t i, streams = 0;

	if (!s->paths)
		return complain(EXIT_USAGE,
				"report: give at least one result file; 'suite help report'");
	if (strcmp(s->color, "auto") && strcmp(s->color, "always") && strcmp(s->color, "never"))
		return complain(EXIT_USAGE, "report: --color '%s' is not auto, always or never",
				s->color);
	if (s->form->write == report_gbench && s->paths > 1)
		return complain(EXIT_USAGE,
				"report: --format=gbench takes one result file: write one for each "
				"and give them to compare.py");
	for (i = 0; i < s->paths; i++) {
		streams += !strcmp(s->path[i], "-");
		if (output_same(s->output, s->path[i]))
			return complain(EXIT_USAGE,
					"report: '%s' is the result file itself: name another with "
					"-o",
					s->output);
	}
	if (streams > 1)
		return complain(
			EXIT_USAGE,
			"report: standard input (-) can be read once: name the other files");
	return EXIT_DONE;
}

/* Returns an exit status, or -1 when the usage was asked for. */
static int parse(struct settings *s, int argc, char **argv)
{
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			return -1;
		case 'o':
			s->output = optarg;
			break;
		case OPT_COLOR:
			s->color = optarg;
			break;
		case OPT_CSV:
		case OPT_HTML:
		case OPT_JSON:
			s->form = form_named(option == OPT_CSV    ? "csv"
					     : option == OPT_HTML ? "html"
								  : "json");
			break;
		case OPT_FORMAT:
			s->form = form_named(optarg);
			if (!s->form)
				return no_format(optarg);
			break;
		case OPT_STRICT:
			s->strict = true;
			break;
		default:
			return bad_option("report", argc, argv);
		}
	}
	status = add_inputs(s, argc - optind, argv + optind);
	if (!s->form)
		s->form = form_of(s->output);
	return status ? status : check(s);
}

static int render(const struct settings *s, const struct sides *sides, FILE *out)
{
	bool colour;
	size_t i;

	if (s->form->write)
		return s->form->write(sides, out);
	colour = colour_wanted(out, s->color);
	for (i = 0; i < sides->sides; i++) {
		if (sides->sides > 1)
			fprintf(out, "%s%c, %s\n\n", i ? "\n" : "", sides->side[i].letter,
				sides->side[i].label);
		report_text(sides->side[i].result, out, colour);
	}
	report_words(sides, out, colour);
	return 0;
}

static int show(const struct settings *s, const struct sides *sides)
{
	char message[512];
	struct output o;
	size_t i, unexpected = 0;
	int ret;

	if (output_open(&o, s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "report: %s", message);
	ret = render(s, sides, o.file);
	if (ret) {
		output_abandon(&o);
		return complain(EXIT_ENVIRONMENT, "report: %s", strerror(-ret));
	}
	if (output_commit(&o, s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "report: %s", message);
	for (i = 0; i < sides->sides; i++)
		unexpected += sides->side[i].e.count[ESTIMATE_UNEXPECTED];
	return s->strict && unexpected ? EXIT_FINDING : EXIT_DONE;
}

static int report(const struct settings *s, struct result *r, struct witness *w)
{
	const struct result *list[SIDES_MAX];
	struct sides sides;
	char message[512];
	size_t i;
	int status;

	for (i = 0; i < s->paths; i++) {
		if (result_read(&r[i], s->path[i], message, sizeof(message)))
			return complain(EXIT_USAGE, "report: %s", message);
		status = witness_read(&w[i], &r[i], message, sizeof(message));
		if (status && status != -ENOENT)
			return complain(EXIT_USAGE, "report: %s", message);
		if (status)
			witness_free(&w[i]);
		list[i] = &r[i];
	}
	status = sides_make(&sides, list, w, s->paths)
			 ? complain(EXIT_ENVIRONMENT, "report: out of memory")
			 : show(s, &sides);
	sides_free(&sides);
	return status;
}

int cmd_report(int argc, char **argv)
{
	struct settings s = { .output = "-", .color = "auto" };
	struct witness w[SIDES_MAX] = { 0 };
	struct result r[SIDES_MAX] = { 0 };
	int status;
	size_t i;

	status = parse(&s, argc, argv);
	if (status < 0) {
		fputs(usage, stdout);
		status = EXIT_DONE;
	} else if (!status) {
		status = report(&s, r, w);
	}
	for (i = 0; i < SIDES_MAX; i++) {
		result_free(&r[i]);
		witness_free(&w[i]);
		free(s.path[i]);
	}
	return status;
}
