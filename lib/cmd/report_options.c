// SPDX-License-Identifier: MIT
#include "cmd/report_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "report/report.h"
#include "result/output.h"

static const struct form forms[] = {
	{ "text", NULL, NULL },
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
static int add_path(struct report_settings *s, char *path)
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

/* A file of the laboratory, when it is there. */
static int add_if_there(struct report_settings *s, const char *folder, const char *name, int boot)
{
	char number[16] = "", *path;

	if (boot)
		snprintf(number, sizeof(number), "-%d", boot);
	if (asprintf(&path, "%s/%s%s.json", folder, name, number) < 0)
		path = NULL;
	if (!path || !access(path, F_OK))
		return add_path(s, path);
	free(path);
	return EXIT_DONE;
}

/* What the laboratory left in a folder: a file for each paging mode, or for its first boots. */
static int add_folder(struct report_settings *s, const char *folder)
{
	static const char *const names[] = { "nested", "shadow" };
	size_t i, before = s->paths;
	int boot, status = EXIT_DONE;

	for (i = 0; i < 2; i++)
		for (boot = 0; boot <= SIDES_MAX / 2 && !status; boot++)
			status = add_if_there(s, folder, names[i], boot);
	if (!status && s->paths == before)
		return complain(EXIT_USAGE,
				"report: the folder '%s' holds no nested.json or shadow.json: name "
				"the result files",
				folder);
	return status;
}

static int add_inputs(struct report_settings *s, int n, char **argv)
{
	struct stat st;
	int i, status = EXIT_DONE;

	for (i = 0; i < n && !status; i++)
		status = !stat(argv[i], &st) && S_ISDIR(st.st_mode) ? add_folder(s, argv[i])
								    : add_path(s, strdup(argv[i]));
	return status;
}

static int check(const struct report_settings *s)
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

int report_parse(struct report_settings *s, int argc, char **argv)
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
