// SPDX-License-Identifier: MIT
// Description: what a table of options makes of a command line, and of wrong ones.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/options.h"

struct settings {
	bool all, axes;
	uint32_t repeat;
	uint64_t ops;
	double budget;
	int color, form;
	const char *output;
	struct option_list rules;
	char facts[64]; /* one after the other */
};

struct form {
	struct choice choice;
	int anything;
};

static const struct choice whens[] = { { "auto", NULL, NULL },
				       { "always", NULL, NULL },
				       { .name = NULL } };
static const struct form forms[] = { { { "text", NULL, "for people" }, 1 },
				     { { "json", ".json", "for programs" }, 2 },
				     { { "md", ".md", "Markdown" }, 3 },
				     { .choice.name = NULL } };

static int add_fact(void *target, const struct option_def *o, const char *text, char *message,
		    size_t size)
{
	char *facts = target;

	if (!strcmp(text, "no=memory"))
		return -ENOMEM;
	if (strlen(facts) + strlen(text) >= sizeof(((struct settings *)NULL)->facts) - 1) {
		snprintf(message, size, "--%s: no room", o->name);
		return -EINVAL;
	}
	strcat(strcat(facts, text), ";");
	return 0;
}

static const struct option_def options[] = {
	{ "all", 'a', .help = "all of it", OPTION_AT(struct settings, all) },
	{ "axes", .help = "too", OPTION_AT(struct settings, axes) },
	{ "repeat", .type = OPTION_NUMBER, .metavar = "N", .help = "times",
	  OPTION_AT(struct settings, repeat), .min = 1, .max = 10000 },
	{ "ops", 'n', .type = OPTION_NUMBER, .metavar = "N", .help = "operations",
	  OPTION_AT(struct settings, ops), .min = 0, .max = INT64_MAX },
	{ "budget", .type = OPTION_REAL, .metavar = "SECONDS",
	  .help = "how long a sentence can be that goes on and on until it has to be wrapped",
	  OPTION_AT(struct settings, budget), .low = 0.1, .high = 60, .unit = "seconds" },
	{ "color", .type = OPTION_CHOICE, .metavar = "WHEN", .help = "auto or always",
	  OPTION_AT(struct settings, color), .choices = CHOICES(whens) },
	{ "format", .type = OPTION_CHOICE, .metavar = "FORM", .help = "one of",
	  OPTION_AT(struct settings, form), .choices = CHOICES(forms) },
	{ "markdown", .type = OPTION_CHOSEN, .help = "--format md",
	  OPTION_AT(struct settings, form), .choices = CHOICES(forms), .values = "md" },
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE", .help = "where to",
	  OPTION_AT(struct settings, output), .values = ":files" },
	{ "fail-on", .type = OPTION_LIST, .metavar = "RULE", .help = "may be repeated",
	  OPTION_AT(struct settings, rules) },
	{ "fact", .type = OPTION_PAIR, .metavar = "NAME=TEXT", .help = "a fact",
	  OPTION_AT(struct settings, facts), .call = add_fact },
	{ .name = NULL },
};

static const struct option_table table = {
	.name = "try",
	.synopsis = "FILE... [OPTION...]\n--all",
	.about = "Something that is said in a single line of the table, however many of the usage "
		 "it "
		 "takes.\n\n  an example",
	.notes = "The end.",
	.option = options,
	.verbs = "mark show",
	.operands = ":files",
};

struct line {
	struct settings s;
	char *argv[16];
	int argc, ret;
	char message[256];
};

/* The words after the command's name; the table's strings are not written to. */
static void parse(struct line *l, const struct option_table *t, const char *const *word)
{
	memset(l, 0, sizeof(*l));
	l->s.form = -1;
	l->argv[l->argc++] = (char *)"try";
	for (; *word; word++)
		l->argv[l->argc++] = (char *)*word;
	l->ret = options_parse(t, &l->s, &l->argc, l->argv, l->message, sizeof(l->message));
}
#define PARSE(l, ...) parse(l, &table, (const char *const[]){ __VA_ARGS__, NULL })

static void assert_refused(int ret, const char *message, const char *const *word)
{
	struct line l;

	parse(&l, &table, word);
	free(l.s.rules.text);
	assert_int_equal(l.ret, ret);
	assert_string_equal(l.message, message);
}
#define REFUSED(ret, message, ...) \
	assert_refused(ret, message, (const char *const[]){ __VA_ARGS__, NULL })

static void test_types(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, "-a", "--repeat", "3", "-n", "2k", "--budget=1.5", "--color", "always",
	      "--format", "json", "-o", "x", "--fact", "a=b=c", "--fact=d=");
	assert_int_equal(l.ret, 0);
	assert_true(l.s.all && !l.s.axes);
	assert_int_equal(l.s.repeat, 3);
	assert_int_equal(l.s.ops, 2000);
	assert_true(l.s.budget == 1.5);
	assert_int_equal(l.s.color, 1);
	assert_int_equal(l.s.form, 1);
	assert_string_equal(l.s.output, "x");
	assert_string_equal(l.s.facts, "a=b=c;d=;");
	assert_int_equal(l.argc, 0);
	assert_null(l.argv[0]);
}

static void test_later_ones_win_and_lists_grow(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, "--repeat", "3", "--format", "json", "--fail-on", "x", "--repeat=4", "--markdown",
	      "--fail-on", "y");
	assert_int_equal(l.s.repeat, 4);
	assert_int_equal(l.s.form, 2);
	assert_int_equal(l.s.rules.n, 2);
	assert_string_equal(l.s.rules.text[0], "x");
	assert_string_equal(l.s.rules.text[1], "y");
	free(l.s.rules.text);
}

static void test_bounds(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, "--repeat", "10000", "--ops", "9223372036854775807", "--budget", "60");
	assert_int_equal(l.ret, 0);
	assert_true(l.s.ops == INT64_MAX);
	PARSE(&l, "--repeat", "1", "--ops", "0", "--budget", "0.1");
	assert_int_equal(l.ret, 0);
	REFUSED(-EINVAL, "--repeat '0' is not a whole number from 1 to 10000", "--repeat", "0");
	REFUSED(-EINVAL, "--repeat '10001' is not a whole number from 1 to 10000", "--repeat",
		"10001");
	REFUSED(-EINVAL, "--repeat '' is not a whole number from 1 to 10000", "--repeat=");
	REFUSED(-EINVAL, "--budget '60.1' is not a number of seconds from 0.1 to 60", "--budget",
		"60.1");
	REFUSED(-EINVAL, "--budget 'nan' is not a number of seconds from 0.1 to 60", "--budget",
		"nan");
	REFUSED(-EINVAL, "--budget '1s' is not a number of seconds from 0.1 to 60", "--budget",
		"1s");
}

static void test_refused_values(void **state)
{
	struct line l;

	(void)state;
	REFUSED(-EINVAL, "--color 'red' is not one of: auto, always", "--color", "red");
	REFUSED(-EINVAL, "--color 'auto always' is not one of: auto, always", "--color",
		"auto always");
	REFUSED(-EINVAL, "--format '' is not one of: text, json, md", "--format=");
	REFUSED(-EINVAL, "--fact 'x' is not NAME=TEXT", "--fact", "x");
	REFUSED(-EINVAL, "--fact '=x' is not NAME=TEXT", "--fact", "=x");
	PARSE(&l, "--fact", "no=memory");
	assert_int_equal(l.ret, -ENOMEM);
}

static void test_refused_options(void **state)
{
	(void)state;
	REFUSED(-ENOENT, "unknown option '--nonsense'", "--nonsense");
	REFUSED(-ENOENT, "unknown option '--nonsense=1'", "x", "--nonsense=1", "y");
	REFUSED(-ENOENT, "unknown option -x", "-x");
	REFUSED(-ENOENT, "unknown option -x", "-ax");
	REFUSED(-ENOENT, "option --repeat needs a value: N", "--repeat");
	REFUSED(-ENOENT, "option --output needs a value: FILE", "--out");
	REFUSED(-ENOENT, "option -o needs a value: FILE", "x", "-o");
	REFUSED(-ENOENT, "option -o needs a value: FILE", "-ao");
	REFUSED(-ENOENT, "option --all takes no value", "--all=yes");
	REFUSED(-ENOENT, "option --markdown takes no value", "--markdown=");
}

static void test_beginnings_of_names(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, "--rep", "3", "--al");
	assert_int_equal(l.ret, 0);
	assert_int_equal(l.s.repeat, 3);
	assert_true(l.s.all);
	REFUSED(-ENOENT, "ambiguous option '--a'", "--a");
	REFUSED(-ENOENT, "ambiguous option '--fa=x'", "--fa=x");
}

static void test_help_at_any_place(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, "x", "--all", "--help", "--nonsense");
	assert_int_equal(l.ret, OPTIONS_HELP);
	PARSE(&l, "-ah");
	assert_int_equal(l.ret, OPTIONS_HELP);
	PARSE(&l, "--nonsense", "--help");
	assert_int_equal(l.ret, -ENOENT);
	PARSE(&l, "--output", "--help");
	assert_int_equal(l.ret, 0);
	assert_string_equal(l.s.output, "--help");
}

static void test_operands(void **state)
{
	static const char *const words[] = { "b", "--all", "-",  "",   "-o", "x",
					     "c", "--",    "-d", "--", NULL };
	static const char *const operands[] = { "b", "-", "", "c", "-d", "--" };
	struct line l;
	int i, strict;

	(void)state;
	for (strict = 0; strict < 2; strict++) {
		if (strict)
			setenv("POSIXLY_CORRECT", "1", 1);
		parse(&l, &table, words);
		unsetenv("POSIXLY_CORRECT");
		assert_int_equal(l.ret, 0);
		assert_true(l.s.all);
		assert_int_equal(l.argc, 6);
		for (i = 0; i < 6; i++)
			assert_string_equal(l.argv[i], operands[i]);
		assert_null(l.argv[6]);
	}
}

static void test_options_of_another_program(void **state)
{
	struct option_table in_order = table;
	struct line l;

	(void)state;
	in_order.in_order = true;
	parse(&l, &in_order, (const char *const[]){ "-a", "cat", "--repeat", "-o", NULL });
	assert_int_equal(l.ret, 0);
	assert_int_equal(l.argc, 3);
	assert_string_equal(l.argv[0], "cat");
	assert_string_equal(l.argv[2], "-o");
	assert_int_equal(l.s.repeat, 0);
	parse(&l, &in_order, (const char *const[]){ "--", "-a", NULL });
	assert_int_equal(l.argc, 1);
	assert_false(l.s.all);
}

static void test_choices(void **state)
{
	const struct choices c = CHOICES(forms);

	(void)state;
	assert_int_equal(choice_named(&c, "md"), 2);
	assert_int_equal(choice_named(&c, "m"), -1);
	assert_int_equal(choice_by_ending(&c, "a.b/x.json"), 1);
	assert_int_equal(choice_by_ending(&c, "json"), 0);
	assert_int_equal(choice_by_ending(&c, "x.json.gz"), 0);
	assert_int_equal(choice_by_ending(&c, "-"), 0);
	assert_int_equal(choice_by_ending(&c, ".json"), 1);
	assert_null(choice_at(&c, 3));
}

static char *text_of(const struct option_table *t, bool usage)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	if (usage)
		options_usage(t, "suite", f);
	else
		options_print(t, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void test_usage(void **state)
{
	char *text = text_of(&table, true);

	(void)state;
	assert_string_equal(
		text,
		"usage: suite try FILE... [OPTION...]\n"
		"       suite try --all\n\n"
		"Something that is said in a single line of the table, however many of the usage\n"
		"it takes.\n\n"
		"  an example\n\n"
		"  -a, --all          all of it\n"
		"  --axes             too\n"
		"  --repeat N         times\n"
		"  -n, --ops N        operations\n"
		"  --budget SECONDS   how long a sentence can be that goes on and on until it has\n"
		"                     to be wrapped\n"
		"  --color WHEN       auto or always\n"
		"  --format FORM      one of\n"
		"                     text  for people\n"
		"                     json  for programs (.json)\n"
		"                     md    Markdown (.md)\n"
		"  --markdown         --format md\n"
		"  -o, --output FILE  where to\n"
		"  --fail-on RULE     may be repeated\n"
		"  --fact NAME=TEXT   a fact\n"
		"  -h, --help         print this text\n\n"
		"The end.\n");
	free(text);
}

static void test_table_for_scripts(void **state)
{
	char *text = text_of(&table, false);

	(void)state;
	assert_string_equal(text, "verbs\t\tmark show\n"
				  "operands\t\t:files\n"
				  "-a --all\t\t\n"
				  "--axes\t\t\n"
				  "--repeat\tN\t\n"
				  "-n --ops\tN\t\n"
				  "--budget\tSECONDS\t\n"
				  "--color\tWHEN\tauto always\n"
				  "--format\tFORM\ttext json md\n"
				  "--markdown\t\t\n"
				  "-o --output\tFILE\t:files\n"
				  "--fail-on\tRULE\t\n"
				  "--fact\tNAME=TEXT\t\n"
				  "-h --help\t\t\n");
	free(text);
}

/* Whatever the words are: what is taken is within its bounds, what is not has a message, and
 * operands are words that were given, in their order. */
static void test_any_words(void **state)
{
	static const char *const words[] = {
		"--all",  "-a",   "--a",    "--repeat",  "--repeat=5", "--repeat=k", "-n",
		"-n7",    "--",   "-",      "",          "x",          "--budget",   "1e9",
		"0.5",    "-an3", "--help", "-o",        "-oax",       "--color=",   "--color=auto",
		"--fact", "a=b",  "=",      "--fail-on", "--fail-on=", "-\xff",      "--=",
	};
	const char *line[12];
	struct line l;
	size_t i, n, at;
	int round, operand;

	(void)state;
	srand(1);
	for (round = 0; round < 200000; round++) {
		n = (size_t)rand() % 11;
		for (i = 0; i < n; i++)
			line[i] = words[(size_t)rand() % (sizeof(words) / sizeof(*words))];
		line[n] = NULL;
		parse(&l, &table, line);
		free(l.s.rules.text);
		assert_true(l.ret == 0 || l.ret == OPTIONS_HELP || l.ret == -EINVAL ||
			    l.ret == -ENOENT);
		assert_true((l.ret < 0) == (*l.message != 0));
		assert_null(strchr(l.message, '\n'));
		assert_true(l.s.repeat == 0 || l.s.repeat == 5);
		assert_true(l.s.budget == 0 || l.s.budget == 0.5);
		if (l.ret)
			continue;
		assert_null(l.argv[l.argc]);
		for (operand = 0, at = 0; operand < l.argc; operand++, at++) {
			while (at < n && line[at] != l.argv[operand])
				at++;
			assert_true(at < n);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_later_ones_win_and_lists_grow),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_refused_values),
		cmocka_unit_test(test_refused_options),
		cmocka_unit_test(test_beginnings_of_names),
		cmocka_unit_test(test_help_at_any_place),
		cmocka_unit_test(test_operands),
		cmocka_unit_test(test_options_of_another_program),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_table_for_scripts),
		cmocka_unit_test(test_any_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
