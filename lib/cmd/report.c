// SPDX-License-Identifier: MIT
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/report.h"
#include "result/output.h"
#include "result/result.h"

static const char usage[] =
	"usage: suite report FILE [--json | --csv | --html] [-o OUT] [OPTION...]\n\n"
	"Show a result file again, computed anew from its raw samples. FILE - is standard\n"
	"input.\n\n"
	"  --json         {\"workloads\": [{name, status, op, per_op, ns_per_op}], ...}\n"
	"  --csv          a line per estimate\n"
	"  --html         one self-contained file\n"
	"  -o OUT         write there; .json, .csv and .html choose the form\n"
	"  --strict       status 1 when a workload's exits are not as expected\n"
	"  --color WHEN   auto, always or never\n";

enum form { TEXT, JSON, CSV, HTML };

struct settings {
	enum form form;
	bool formed, strict;
	const char *input, *output, *color;
};

enum { OPT_COLOR = 256, OPT_CSV, OPT_HTML, OPT_JSON, OPT_STRICT };

static const struct option options[] = { { "color", required_argument, NULL, OPT_COLOR },
					 { "csv", no_argument, NULL, OPT_CSV },
					 { "help", no_argument, NULL, 'h' },
					 { "html", no_argument, NULL, OPT_HTML },
					 { "json", no_argument, NULL, OPT_JSON },
					 { "output", required_argument, NULL, 'o' },
					 { "strict", no_argument, NULL, OPT_STRICT },
					 { 0 } };

static void choose_form(struct settings *s, enum form form)
{
	s->form = form;
	s->formed = true;
}

static enum form form_of(const char *path)
{
	const char *end = strrchr(path, '.');

	if (!end)
		return TEXT;
	return !strcmp(end, ".json")   ? JSON
	       : !strcmp(end, ".csv")  ? CSV
	       : !strcmp(end, ".html") ? HTML
				       : TEXT;
}

/* Returns an exit status, or -1 when the usage was asked for. */
static int parse(struct settings *s, int argc, char **argv)
{
	int option;

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
			choose_form(s, CSV);
			break;
		case OPT_HTML:
			choose_form(s, HTML);
			break;
		case OPT_JSON:
			choose_form(s, JSON);
			break;
		case OPT_STRICT:
			s->strict = true;
			break;
		default:
			return bad_option("report", argc, argv);
		}
	}
	if (optind + 1 != argc)
		return complain(EXIT_USAGE, "report: give one result file; 'suite help report'");
	if (strcmp(s->color, "auto") && strcmp(s->color, "always") && strcmp(s->color, "never"))
		return complain(EXIT_USAGE, "report: --color '%s' is not auto, always or never",
				s->color);
	s->input = argv[optind];
	if (output_same(s->output, s->input))
		return complain(EXIT_USAGE,
				"report: '%s' is the result file itself: name another with -o",
				s->output);
	if (!s->formed)
		s->form = form_of(s->output);
	return EXIT_DONE;
}

static int render(const struct settings *s, const struct result *r, FILE *out)
{
	switch (s->form) {
	case JSON:
		return report_json(r, out);
	case CSV:
		return report_csv(r, out);
	case HTML:
		return report_html(r, out);
	default:
		report_text(r, out, colour_wanted(out, s->color));
		return 0;
	}
}

static int show(const struct settings *s, const struct result *r)
{
	char message[512];
	struct output o;
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
	return s->strict && report_unexpected(r) ? EXIT_FINDING : EXIT_DONE;
}

int cmd_report(int argc, char **argv)
{
	struct settings s = { .output = "-", .color = "auto" };
	char message[512];
	struct result r;
	int status;

	status = parse(&s, argc, argv);
	if (status < 0) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (status)
		return status;
	if (result_read(&r, s.input, message, sizeof(message)))
		return complain(EXIT_USAGE, "report: %s", message);
	status = show(&s, &r);
	result_free(&r);
	return status;
}
