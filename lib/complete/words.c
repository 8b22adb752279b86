// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <string.h>

#include "complete/complete.h"

struct search {
	const char *prefix; /* of the names that are wanted; or the whole name */
	FILE *out;
	struct complete_option found;
};

static void offer(const char *text, size_t length, const char *prefix, FILE *out)
{
	if (length && !strncmp(text, prefix, strlen(prefix)) && strlen(prefix) <= length)
		fprintf(out, "%.*s\n", (int)length, text);
}

static bool print_name(const struct complete_option *o, void *context)
{
	const struct search *s = context;

	offer(o->name, strlen(o->name), s->prefix, s->out);
	return false;
}

static bool find_name(const struct complete_option *o, void *context)
{
	struct search *s = context;

	s->found = *o;
	return !strcmp(o->name, s->prefix);
}

/* Options that only the usage lines name: "[-v] [--json]". */
static void synopsis(const char *help, const char *prefix, FILE *out)
{
	const char *end = strstr(help, "\n\n"), *at = help;
	size_t length;

	while (end && (at = strchr(at, '-')) && at < end) {
		length = strspn(at, "-abcdefghijklmnopqrstuvwxyz");
		if ((at[-1] == ' ' || at[-1] == '[') && length > 1 && at[length - 1] != '-')
			offer(at, length, prefix, out);
		at += length;
	}
}

/* "nested|shadow|both" */
static void split_bars(const char *value, const char *prefix, FILE *out)
{
	size_t length;

	for (; *value; value += length + (value[length] == '|')) {
		length = strcspn(value, "|");
		offer(value, length, prefix, out);
	}
}

/*
 * "auto, plain (a line per step) or none": single words, each perhaps with a remark, up to the
 * first thing that is none.
 */
static void split_text(const char *text, const char *prefix, FILE *out)
{
	const char *word;
	size_t length;

	do {
		text += strspn(text, " ,");
		if (!strncmp(text, "or ", 3))
			text += 3;
		word = text;
		length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
		text += length + strspn(text + length, " ");
		if (*text == '(')
			text += strcspn(text, ")\n") + 1;
		text += strspn(text, " ");
		if (*text && !strchr(",.;\n", *text) && strncmp(text, "or ", 3) != 0)
			return;
		offer(word, length, prefix, out);
	} while (length && (*text == ',' || !strncmp(text, "or ", 3)));
}

static bool is_one_of(const char *value, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(value, *list))
			return true;
	return false;
}

static void values(const struct complete_option *o, const char *prefix, FILE *out)
{
	static const char *const files[] = { "FILE", "OUT", "DIR", "PATH", "FILE.json", NULL };
	static const char *const choices[] = { "WHEN", "FORM", "ORDER", "FORMAT", NULL };

	if (is_one_of(o->value, files))
		fputs(":files\n", out);
	else if (!strncmp(o->value, "WORKLOAD.PARAMETER", 18))
		complete_parameters(prefix, out);
	else if (!strncmp(o->value, "WORKLOAD", 8))
		complete_workloads(prefix, out);
	else if (strchr(o->value, '|'))
		split_bars(o->value, prefix, out);
	else if (is_one_of(o->value, choices))
		split_text(o->text, prefix, out);
}

/* Does the command line of the help name such an argument? "usage: suite run WORKLOAD..." */
static bool takes(const char *help, const char *argument)
{
	const char *end = strstr(help, "\n\n"), *at = strstr(help, argument);

	return at && end && at < end;
}

/* "usage: suite boot mark NAME": words of a command's own, where they come first. */
static bool verbs(const char *help, const char *command, const char *prefix, FILE *out)
{
	const char *end = strstr(help, "\n\n"), *at = help;
	char start[64];
	int length = snprintf(start, sizeof(start), "suite %s ", command);
	bool any = false;
	size_t word;

	while ((at = strstr(at, start)) && at < end) {
		at += length;
		word = strspn(at, "abcdefghijklmnopqrstuvwxyz-");
		any |= word > 0 && *at != '-';
		offer(at, *at == '-' ? 0 : word, prefix, out);
	}
	return any;
}

void complete_words(const char *help, char *const *word, size_t n, FILE *out)
{
	const char *last = word[n - 1], *before = n > 1 ? word[n - 2] : "";
	struct search s = { .prefix = before, .out = out };

	if (*before == '-' && complete_options(help, find_name, &s) && *s.found.value) {
		values(&s.found, last, out);
		return;
	}
	s.prefix = last;
	if (*last == '-') {
		synopsis(help, last, out);
		complete_options(help, print_name, &s);
		return;
	}
	if (n == 2 && verbs(help, word[0], last, out))
		return;
	if (takes(help, "WORKLOAD"))
		complete_workloads(last, out);
	if (takes(help, "-- COMMAND"))
		fputs(":commands\n", out);
	else if (takes(help, "FILE"))
		fputs(":files\n", out);
}
