// SPDX-License-Identifier: MIT
/* Plumbing of the completions for bash and zsh (completions/). */
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "complete/complete.h"

static const char usage[] =
	"usage: suite complete [--help-on-stdin] [--] WORD...\n\n"
	"Plumbing of the shell completions: what the last WORD of 'suite WORD...' can be,\n"
	"one candidate a line. ':files' and ':commands' ask the shell for its own.\n\n"
	"  --help-on-stdin  the command is not this program's (lab): its help is given\n";

static void commands_like(const char *prefix)
{
	static const char *const scripts[] = { "lab", "test", NULL };
	const char *const *script;
	const struct command *c;

	for (c = commands; c->name; c++)
		if (!c->plumbing && !strncmp(c->name, prefix, strlen(prefix)))
			puts(c->name);
	for (script = scripts; *script; script++)
		if (!strncmp(*script, prefix, strlen(prefix)))
			puts(*script);
}

/* Commands print their help to stdout, and there alone is it complete. */
static char *help_of(const struct command *c)
{
	char *arguments[] = { (char *)c->name, (char *)"--help", NULL };
	FILE *saved = stdout;
	char *text = NULL;
	size_t size;

	stdout = open_memstream(&text, &size);
	if (stdout) {
		c->fn(2, arguments);
		fclose(stdout);
	}
	stdout = saved;
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

int cmd_complete(int argc, char **argv)
{
	const struct command *c;
	bool given = false;
	char *help = NULL;
	int first = 1, n;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (first < argc && !strcmp(argv[first], "--help-on-stdin"))
		given = ++first;
	if (first < argc && !strcmp(argv[first], "--"))
		first++;
	argv += first;
	n = without_equals(argv, argc - first);
	if (n < 1)
		return complain(EXIT_USAGE, "complete: give the words of the command line");
	if (n == 1 || !strcmp(argv[0], "help")) {
		commands_like(argv[n - 1]);
		return EXIT_DONE;
	}
	c = command_find(argv[0]);
	if (given || c)
		help = given ? read_stdin() : help_of(c);
	if (help)
		complete_words(help, argv, (size_t)n, stdout);
	free(help);
	return EXIT_DONE;
}
