// SPDX-License-Identifier: MIT
#include "cmd/compare_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "result/output.h"

enum {
	OPT_AXIS = 256,
	OPT_COLOR,
	OPT_CSV,
	OPT_FAIL_ON,
	OPT_FORMAT,
	OPT_JSON,
	OPT_MARKDOWN,
	OPT_SIDE,
	OPT_UNIT
};

static const struct option options[] = { { "axis", required_argument, NULL, OPT_AXIS },
					 { "color", required_argument, NULL, OPT_COLOR },
					 { "csv", no_argument, NULL, OPT_CSV },
					 { "fail-on", required_argument, NULL, OPT_FAIL_ON },
					 { "format", required_argument, NULL, OPT_FORMAT },
					 { "help", no_argument, NULL, 'h' },
					 { "json", no_argument, NULL, OPT_JSON },
					 { "markdown", no_argument, NULL, OPT_MARKDOWN },
					 { "output", required_argument, NULL, 'o' },
					 { "side", required_argument, NULL, OPT_SIDE },
					 { "unit", required_argument, NULL, OPT_UNIT },
					 { 0 } };

static int no_memory(void)
{
	return complain(EXIT_ENVIRONMENT, "compare: out of memory");
}

/* "NAME=FILE,FILE" */
static int take_side(struct compare_operands *o, const char *text)
{
	char *copy = strdup(text), *equals = copy ? strchr(copy, '=') : NULL, *file, *rest;

	if (!copy || operands_keep(o, copy))
		return no_memory();
	if (!equals || equals == copy || !equals[1])
		return complain(EXIT_USAGE, "compare: --side '%s' is not NAME=FILE,FILE...", text);
	*equals = 0;
	for (file = strtok_r(equals + 1, ",", &rest); file; file = strtok_r(NULL, ",", &rest))
		if (operands_add_file(o, file) || operands_add(o, copy, o->files - 1))
			return no_memory();
	return EXIT_DONE;
}

static int take_form(struct compare_options *o, const char *name)
{
	static const struct {
		const char *name;
		enum compare_form form;
	} known[] = { { "text", FORM_TEXT },
		      { "json", FORM_JSON },
		      { "csv", FORM_CSV },
		      { "md", FORM_MARKDOWN },
		      { "markdown", FORM_MARKDOWN } };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i].name, name)) {
			o->form = known[i].form;
			return EXIT_DONE;
		}
	return complain(EXIT_USAGE, "compare: --format '%s' is not text, json, csv or md", name);
}

static int take_unit(struct compare_options *o, const char *name)
{
	if (strcmp(name, "file") && strcmp(name, "repeat"))
		return complain(EXIT_USAGE, "compare: --unit '%s' is not file or repeat", name);
	o->unit = !strcmp(name, "file") ? COMPARE_FILES : COMPARE_REPEATS;
	return EXIT_DONE;
}

static int add_rule(struct compare_options *o, const char *text)
{
	const char **longer = reallocarray(o->rule, o->rules + 1, sizeof(*longer));

	if (!longer)
		return no_memory();
	o->rule = longer;
	longer[o->rules++] = text;
	return EXIT_DONE;
}

static int take_option(struct compare_options *o, int option)
{
	switch (option) {
	case 'o':
		o->output = optarg;
		return EXIT_DONE;
	case OPT_AXIS:
		o->in.axis = optarg;
		return EXIT_DONE;
	case OPT_COLOR:
		o->color = optarg;
		return EXIT_DONE;
	case OPT_CSV:
		return take_form(o, "csv");
	case OPT_FAIL_ON:
		return add_rule(o, optarg);
	case OPT_FORMAT:
		return take_form(o, optarg);
	case OPT_JSON:
		return take_form(o, "json");
	case OPT_MARKDOWN:
		return take_form(o, "md");
	case OPT_SIDE:
		return take_side(&o->in, optarg);
	default:
		return take_unit(o, optarg);
	}
}

/* The arguments up to the next "--", argv[0] not counted. */
static int segment_length(int argc, char **argv)
{
	int n = 1;

	while (n < argc && strcmp(argv[n], "--"))
		n++;
	return n;
}

/* The files of one segment are one side; a side without any is none. */
static int take_segment(struct compare_options *o, int argc, char **argv)
{
	int option, status = EXIT_DONE;
	struct compare_operand *side;

	optind = 0;
	while (!status && (option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		if (option == 'h')
			return -1;
		if (option == '?')
			return bad_option("compare", argc, argv);
		status = take_option(o, option);
	}
	if (status || optind >= argc)
		return status;
	if (o->in.owned)
		return complain(EXIT_USAGE,
				"compare: '%s' is in no side: with --side give all files so",
				argv[optind]);
	side = operands_new(&o->in);
	for (; optind < argc; optind++)
		if (!side || operands_add_file(&o->in, argv[optind]) ||
		    operand_add(side, o->in.files - 1))
			return no_memory();
	return EXIT_DONE;
}

static bool ends_in(const char *path, const char *end)
{
	size_t length = strlen(path), tail = strlen(end);

	return length >= tail && !strcmp(path + length - tail, end);
}

static enum compare_form form_of(const char *path)
{
	if (ends_in(path, ".json"))
		return FORM_JSON;
	if (ends_in(path, ".csv"))
		return FORM_CSV;
	return ends_in(path, ".md") ? FORM_MARKDOWN : FORM_TEXT;
}

/* The same boot twice would make a difference look more certain than it is. */
static int check_twice(const struct compare_options *o, const struct compare_operand *s)
{
	size_t i, j;

	for (i = 0; i < s->files; i++)
		for (j = 0; j < i; j++)
			if (!strcmp(o->in.file[s->at[i]], o->in.file[s->at[j]]))
				return complain(EXIT_USAGE,
						"compare: '%s' is twice in one side: one boot "
						"counts once",
						o->in.file[s->at[i]]);
	return EXIT_DONE;
}

static int check(struct compare_options *o)
{
	size_t i;
	int status = EXIT_DONE;

	if (o->in.files < 2)
		return complain(
			EXIT_USAGE,
			"compare: give at least two result files; see 'suite help compare'");
	if (strcmp(o->color, "auto") && strcmp(o->color, "always") && strcmp(o->color, "never"))
		return complain(EXIT_USAGE, "compare: --color '%s' is not auto, always or never",
				o->color);
	if (o->in.owned && o->in.operands < 2)
		return complain(EXIT_USAGE, "compare: give at least two sides with --side");
	for (i = 0; i < o->in.files; i++)
		if (output_same(o->output, o->in.file[i]))
			return complain(EXIT_USAGE,
					"compare: '%s' is one of the result files: name another "
					"with -o",
					o->output);
	/* One list of files is no side yet. */
	if (o->in.operands == 1) {
		free(o->in.operand->at);
		o->in.operands = 0;
	}
	for (i = 0; i < o->in.operands && !status; i++)
		status = check_twice(o, &o->in.operand[i]);
	if (!o->form)
		o->form = form_of(o->output);
	return status;
}

int compare_options_parse(struct compare_options *o, int argc, char **argv)
{
	int length, status;

	*o = (struct compare_options){ .output = "-", .color = "auto" };
	opterr = 0;
	for (;;) {
		length = segment_length(argc, argv);
		status = take_segment(o, length, argv);
		if (status || length == argc)
			break;
		argc -= length;
		argv += length;
	}
	return status ? status : check(o);
}

void compare_options_free(struct compare_options *o)
{
	operands_free(&o->in);
	free(o->rule);
}
