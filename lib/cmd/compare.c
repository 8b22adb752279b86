// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/compare.h"
#include "result/output.h"
#include "result/result.h"

static const char usage[] =
	"usage: suite compare BASE FILE... [--json] [-o OUT] [OPTION...]\n\n"
	"Two result files side by side: exits and time per operation, the difference, and\n"
	"how sure it is. Each further file is compared with the first.\n\n"
	"  --axis NAME    the difference that is meant (paging, vendor, guest_kernel...);\n"
	"                 default: paging, else vendor, else the only one. Every other\n"
	"                 difference is warned about\n"
	"  --json         for programs\n"
	"  -o OUT         write there; .json chooses JSON\n"
	"  --color WHEN   auto, always or never\n";

struct settings {
	const char *output, *color, *axis;
	char **file;
	size_t files;
	bool json;
};

/* All that is read and computed; `files` results, one comparison fewer. */
struct session {
	struct result *result;
	struct estimate *estimate;
	struct compare *compare;
	size_t results;
};

enum { OPT_AXIS = 256, OPT_COLOR, OPT_JSON };

static const struct option options[] = { { "axis", required_argument, NULL, OPT_AXIS },
					 { "color", required_argument, NULL, OPT_COLOR },
					 { "help", no_argument, NULL, 'h' },
					 { "json", no_argument, NULL, OPT_JSON },
					 { "output", required_argument, NULL, 'o' },
					 { 0 } };

static bool ends_in(const char *path, const char *end)
{
	size_t length = strlen(path), tail = strlen(end);

	return length >= tail && !strcmp(path + length - tail, end);
}

static int check(struct settings *s, int argc, char **argv)
{
	size_t i;

	s->file = argv + optind;
	s->files = (size_t)(argc - optind);
	if (s->files < 2)
		return complain(
			EXIT_USAGE,
			"compare: give at least two result files; see 'suite help compare'");
	if (strcmp(s->color, "auto") && strcmp(s->color, "always") && strcmp(s->color, "never"))
		return complain(EXIT_USAGE, "compare: --color '%s' is not auto, always or never",
				s->color);
	for (i = 0; i < s->files; i++)
		if (output_same(s->output, s->file[i]))
			return complain(EXIT_USAGE,
					"compare: '%s' is one of the result files: name another "
					"with -o",
					s->output);
	s->json |= ends_in(s->output, ".json");
	return EXIT_DONE;
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
		case OPT_AXIS:
			s->axis = optarg;
			break;
		case OPT_COLOR:
			s->color = optarg;
			break;
		case OPT_JSON:
			s->json = true;
			break;
		default:
			return bad_option("compare", argc, argv);
		}
	}
	return check(s, argc, argv);
}

static int read_all(struct session *m, const struct settings *s)
{
	char message[512];
	size_t i;

	for (i = 0; i < s->files; i++) {
		if (result_read(&m->result[i], s->file[i], message, sizeof(message)))
			return complain(EXIT_USAGE, "compare: %s", message);
		m->results++;
		if (estimate_make(&m->estimate[i], &m->result[i]))
			return complain(EXIT_ENVIRONMENT, "compare: out of memory");
	}
	return EXIT_DONE;
}

static int compare_all(struct session *m, const struct settings *s)
{
	size_t i;
	int ret;

	for (i = 0; i + 1 < s->files; i++) {
		ret = compare_make(&m->compare[i], &m->estimate[0], &m->estimate[i + 1], s->axis);
		if (ret == -ENOENT)
			return complain(
				EXIT_USAGE,
				"compare: --axis %s: %s and %s do not differ in that; leave "
				"it out to see what differs",
				s->axis, s->file[0], s->file[i + 1]);
		if (ret)
			return complain(EXIT_ENVIRONMENT, "compare: %s", strerror(-ret));
		if (!m->compare[i].rows)
			return complain(EXIT_USAGE,
					"compare: %s and %s have no measured workload in common",
					s->file[0], s->file[i + 1]);
	}
	return EXIT_DONE;
}

static int show(const struct session *m, const struct settings *s)
{
	char message[512];
	struct output o;
	struct tones t;
	size_t i;
	int ret = 0;

	if (output_open(&o, s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "compare: %s", message);
	t = (struct tones){ o.file, colour_wanted(o.file, s->color) };
	if (s->json)
		ret = compare_json(m->compare, s->files - 1, o.file);
	for (i = 0; i + 1 < s->files && !s->json; i++) {
		if (i)
			fputs("\n\n", o.file);
		compare_text(&m->compare[i], &t);
	}
	if (ret) {
		output_abandon(&o);
		return complain(EXIT_ENVIRONMENT, "compare: %s", strerror(-ret));
	}
	if (output_commit(&o, s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "compare: %s", message);
	return EXIT_DONE;
}

static int run(const struct settings *s)
{
	struct session m = { .result = calloc(s->files, sizeof(*m.result)),
			     .estimate = calloc(s->files, sizeof(*m.estimate)),
			     .compare = calloc(s->files, sizeof(*m.compare)) };
	size_t i;
	int status;

	status = m.result && m.estimate && m.compare
			 ? read_all(&m, s)
			 : complain(EXIT_ENVIRONMENT, "compare: out of memory");
	if (!status)
		status = compare_all(&m, s);
	if (!status)
		status = show(&m, s);
	for (i = 0; i < m.results; i++) {
		compare_free(&m.compare[i]);
		estimate_free(&m.estimate[i]);
		result_free(&m.result[i]);
	}
	free(m.compare);
	free(m.estimate);
	free(m.result);
	return status;
}

int cmd_compare(int argc, char **argv)
{
	struct settings s = { .output = "-", .color = "auto" };
	int status = parse(&s, argc, argv);

	if (status >= 0)
		return status ? status : run(&s);
	fputs(usage, stdout);
	return EXIT_DONE;
}
