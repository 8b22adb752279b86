// SPDX-License-Identifier: MIT
/* Plumbing of the completions for bash and zsh (completions/). */
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "complete/complete.h"

struct settings {
	bool on_stdin;
	const char *command;
};

static const struct option_def options[] = {
	{ "options", .type = OPTION_TEXT, .metavar = "COMMAND",
	  .help = "print the table of a command's options: names, metavar and values, with TABs "
		  "between",
	  OPTION_AT(struct settings, command) },
	{ "options-on-stdin",
	  .help = "the command is not part of this program (lab): its table comes on standard "
		  "input",
	  OPTION_AT(struct settings, on_stdin) },
	{ .name = NULL },
};

static void commands_like(const char *prefix)
{
	static const char *const scripts[] = { "lab", "test", NULL };
	const char *const *script;
	const struct command *c;
	size_t i;

	for (i = 0; (c = command_at(i)); i++)
		if (!c->plumbing && !strncmp(c->line.name, prefix, strlen(prefix)))
			puts(c->line.name);
	for (script = scripts; *script; script++)
		if (!strncmp(*script, prefix, strlen(prefix)))
			puts(*script);
}

static char *table_of(const struct command *c)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	options_print(&c->line, f);
	fclose(f);
	return text;
}

static char *read_stdin(void)
{
	char *text = NULL;
	size_t size = 0;

	/* Up to a NUL, which no text has: all of it. */
	return getdelim(&text, &size, 0, stdin) < 0 ? NULL : text;
}

/* The shell's words are cut at '=': "--sort", "=", "ra". */
static int without_equals(char **word, int n)
{
	int i, kept = 0;

	for (i = 0; i < n; i++)
		if (strcmp(word[i], "=") != 0)
			word[kept++] = word[i];
		else if (i == n - 1)
			word[kept++] = (char *)"";
	return kept;
}

static int print_table(const char *name)
{
	const struct command *c = command_find(name);

	if (!c)
		return complain(EXIT_USAGE, "complete: unknown command '%s'", name);
	options_print(&c->line, stdout);
	return EXIT_DONE;
}

static int complete(const struct command *self, int argc, char **argv)
{
	struct settings s = { .command = NULL };
	const struct command *c;
	char *table = NULL;
	int n, status = command_options(self, &s, &argc, argv);

	if (status || s.command)
		return status ? status : print_table(s.command);
	n = without_equals(argv, argc);
	if (n < 1)
		return complain(EXIT_USAGE, "complete: give the words of the command line");
	if (n == 1 || !strcmp(argv[0], "help")) {
		commands_like(argv[n - 1]);
		return EXIT_DONE;
	}
	c = command_find(argv[0]);
	if (s.on_stdin || c)
		table = s.on_stdin ? read_stdin() : table_of(c);
	if (table)
		complete_words(table, argv, (size_t)n, stdout);
	free(table);
	return EXIT_DONE;
}

COMMAND(command) = {
	.order = 110,
	.summary = "candidates for the shells' completion",
	.plumbing = true,
	.run = complete,
	.line = { .name = "complete",
		  .synopsis = "[--options-on-stdin] [--] WORD...\n--options COMMAND",
		  .about = "Plumbing of the shell completions: what the last WORD of 'suite "
			   "WORD...' can be, one candidate per line. ':files' and ':commands' "
			   "ask the shell for its own.",
		  .option = options,
		  .operands = "",
		  .in_order = true },
};
