// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "compare/comparison.h"
#include "compare/session.h"
#include "report/compare_formats.h"
#include "result/output.h"

struct settings {
	const char *output;
	enum colour_when color;
	int form; /* position in compare_formats; -1: as the output's name ends */
	int unit; /* position in units; -1: as many files as there are say */
	struct compare_operands in;
	struct option_list rules;
};

/* "NAME=FILE,FILE" */
static int take_side(void *target, const struct option_def *def, const char *text, char *message,
		     size_t size)
{
	char *copy = strdup(text), *equals = copy ? strchr(copy, '=') : NULL, *file, *rest;
	struct compare_operands *in = target;

	if (!copy || operands_keep(in, copy))
		return -ENOMEM;
	if (!equals[1]) {
		snprintf(message, size, "--%s '%s' is not %s", def->name, text, def->metavar);
		return -EINVAL;
	}
	*equals = 0;
	for (file = strtok_r(equals + 1, ",", &rest); file; file = strtok_r(NULL, ",", &rest))
		if (operands_add_file(in, file) || operands_add(in, copy, in->files - 1))
			return -ENOMEM;
	return 0;
}

/* Names for enum compare_unit, from 1 on. */
static const struct choice units[] = {
	[COMPARE_REPEATS - 1] = { .name = "repeat" },
	[COMPARE_FILES - 1] = { .name = "file" },
	{ .name = NULL },
};

static const struct option_def options[] = {
	{ "side", .type = OPTION_PAIR, .metavar = "NAME=FILE,FILE...",
	  .help = "a side with a name; one for each side, the first is the base",
	  OPTION_AT(struct settings, in), .call = take_side },
	{ "axis", .type = OPTION_TEXT, .metavar = "NAME",
	  .help = "the intended difference (paging, vendor, kernel, pti...); default: paging, "
		  "else vendor, else the only one. Every other difference is warned about",
	  OPTION_AT(struct settings, in.axis),
	  .values = "paging vendor kernel patch pti thp accelerator" },
	{ "unit", .type = OPTION_CHOICE, .metavar = "UNIT",
	  .help = "the unit of sampling: file (boots; the default as soon as a side has several) "
		  "or repeat",
	  OPTION_AT(struct settings, unit), .choices = CHOICES(units) },
	{ "fail-on", .type = OPTION_LIST, .metavar = "RULE",
	  .help = "status 1 when RULE is broken: 'pagefault.*:exits>5%', 'cr3:cr-access>0.1', "
		  "'syscall:time>10%'; may be repeated",
	  OPTION_AT(struct settings, rules) },
	{ "format", .type = OPTION_CHOICE, .metavar = "FORM", .help = "one of:",
	  OPTION_AT(struct settings, form), .choices = CHOICES(compare_formats) },
	{ "json", .type = OPTION_CHOSEN, .help = "the same as --format=json",
	  OPTION_AT(struct settings, form), .choices = CHOICES(compare_formats), .values = "json" },
	{ "csv", .type = OPTION_CHOSEN, .help = "the same as --format=csv",
	  OPTION_AT(struct settings, form), .choices = CHOICES(compare_formats), .values = "csv" },
	{ "markdown", .type = OPTION_CHOSEN, .help = "the same as --format=md",
	  OPTION_AT(struct settings, form), .choices = CHOICES(compare_formats), .values = "md" },
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "write to FILE, whose ending chooses the format when --format does not",
	  OPTION_AT(struct settings, output), .values = ":files" },
	COLOR_OPTION(struct settings, color),
	{ .name = NULL },
};

/* The arguments up to the next "--", argv[0] not counted. */
static int segment_length(int argc, char **argv)
{
	int n = 1;

	while (n < argc && strcmp(argv[n], "--"))
		n++;
	return n;
}

/* The files of one segment are one side, if it has any. */
static int take_segment(const struct command *self, struct settings *o, int argc, char **argv)
{
	struct compare_operand *side;
	int i, status = command_options(self, o, &argc, argv);

	if (status || !argc)
		return status;
	if (o->in.owned)
		return complain(EXIT_USAGE,
				"compare: '%s' belongs to no side; when using --side, list every "
				"file with it",
				argv[0]);
	side = operands_new(&o->in);
	for (i = 0; i < argc; i++)
		if (!side || operands_add_file(&o->in, argv[i]) ||
		    operand_add(side, o->in.files - 1))
			return command_status(self, -ENOMEM, NULL);
	return EXIT_DONE;
}

static int parse(const struct command *self, struct settings *o, int argc, char **argv)
{
	int length, status;

	for (;;) {
		length = segment_length(argc, argv);
		status = take_segment(self, o, length, argv);
		if (status || length == argc)
			return status;
		argc -= length;
		argv += length;
	}
}

/* The same boot twice would make a difference look more certain than it is. */
static int check_twice(const struct settings *o, const struct compare_operand *s)
{
	size_t i, j;

	for (i = 0; i < s->files; i++)
		for (j = 0; j < i; j++)
			if (!strcmp(o->in.file[s->at[i]], o->in.file[s->at[j]]))
				return complain(EXIT_USAGE,
						"compare: '%s' is twice in one side; each boot "
						"counts once",
						o->in.file[s->at[i]]);
	return EXIT_DONE;
}

static int check(struct settings *o)
{
	const struct choices forms = CHOICES(compare_formats);
	size_t i;
	int status = EXIT_DONE;

	if (o->in.files < 2)
		return complain(
			EXIT_USAGE,
			"compare: give at least two result files; see 'suite help compare'");
	if (o->in.owned && o->in.operands < 2)
		return complain(EXIT_USAGE, "compare: give at least two sides with --side");
	for (i = 0; i < o->in.files; i++)
		if (output_same(o->output, o->in.file[i]))
			return complain(EXIT_USAGE,
					"compare: '%s' is one of the result files: name another "
					"file with -o",
					o->output);
	/* One list of files is not yet a side. */
	if (o->in.operands == 1) {
		free(o->in.operand->at);
		o->in.operands = 0;
	}
	for (i = 0; i < o->in.operands && !status; i++)
		status = check_twice(o, &o->in.operand[i]);
	if (o->form < 0)
		o->form = choice_by_ending(&forms, o->output);
	return status;
}

struct page {
	const struct settings *o;
	const struct comparison *all;
};

static int print(const void *context, FILE *out)
{
	const struct page *page = context;

	return compare_formats[page->o->form].write(page->all, out,
						    colour_wanted(out, page->o->color));
}

static int show(const struct command *self, const struct settings *o,
		const struct compare_session *m)
{
	struct comparison all;
	int status = command_status(
		self, comparison_make(&all, m->compare, m->comparisons, &m->findings), NULL);
	size_t i;

	if (!status)
		status = command_output(self, o->output, print, &(struct page){ o, &all });
	comparison_free(&all);
	for (i = 0; i < m->findings.lines && !status; i++)
		complain(0, "compare: %s", m->findings.line[i]);
	return !status && i ? EXIT_FINDING : status;
}

static int compare(const struct command *self, int argc, char **argv)
{
	struct settings o = { .output = "-", .form = -1, .unit = -1 };
	struct compare_session m;
	char message[640];
	int status = parse(self, &o, argc, argv);

	if (!status)
		status = check(&o);
	if (!status) {
		status = command_status(self,
					compare_session(&m, &o.in, (enum compare_unit)(o.unit + 1),
							o.rules.text, o.rules.n, message,
							sizeof(message)),
					message);
		if (!status)
			status = show(self, &o, &m);
		compare_session_free(&m);
	}
	operands_free(&o.in);
	free(o.rules.text);
	return status;
}

COMMAND(command) = {
	.order = 80,
	.summary = "result files side by side: what differs, and how sure that is",
	.run = compare,
	.line = { .name = "compare",
		  .synopsis = "FILE FILE... [OPTION...]\n"
			      "FILE... -- FILE... [-- FILE...] [OPTION...]\n"
			      "--side NAME=FILE,FILE... --side NAME=FILE... [OPTION...]",
		  .about = "Two or more sides, each of one or more result files: exits and time "
			   "per operation, the difference from the first side, and how sure it "
			   "is. More than two files without sides are grouped by what differs "
			   "(paging, vendor, kernel...). Listings that 'suite import' read are "
			   "compared by exits since the VM started.",
		  .option = options,
		  .operands = ":files" },
};
