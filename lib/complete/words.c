// SPDX-License-Identifier: MIT
#include <stdbool.h>
#include <string.h>

#include "complete/complete.h"

/* A piece of the table. */
struct text {
	const char *at;
	size_t length;
};

static bool is(struct text t, const char *word)
{
	return strlen(word) == t.length && !strncmp(t.at, word, t.length);
}

/* What ends in one of `stops`, and *rest behind it; false at the end. */
static bool next(struct text *rest, const char *stop, struct text *piece)
{
	piece->at = rest->at;
	for (piece->length = 0; piece->length < rest->length; piece->length++)
		if (rest->at[piece->length] == *stop)
			break;
	rest->at += piece->length;
	rest->length -= piece->length;
	if (!rest->length)
		return piece->length > 0;
	rest->at++;
	rest->length--;
	return true;
}

/* Field 0 (names), 1 (metavar) or 2 (values) of a line; empty where it has fewer. */
static struct text field(struct text line, int n)
{
	struct text piece = { line.at, 0 };

	for (; n >= 0; n--)
		if (!next(&line, "\t", &piece))
			piece.length = 0;
	return piece;
}

/* The line with that name among its names. */
static bool find(const char *table, const char *name, struct text *line)
{
	struct text rest = { table, strlen(table) }, names, one;

	while (next(&rest, "\n", line))
		for (names = field(*line, 0); next(&names, " ", &one);)
			if (is(one, name))
				return true;
	return false;
}

static void offer(struct text word, const char *prefix, FILE *out)
{
	if (word.length >= strlen(prefix) && !strncmp(word.at, prefix, strlen(prefix)))
		fprintf(out, "%.*s\n", (int)word.length, word.at);
}

/* Words, and the names of whole sets of them. */
static void values(struct text list, const char *prefix, FILE *out)
{
	struct text one;

	while (next(&list, " ", &one))
		if (is(one, ":workloads"))
			complete_workloads(prefix, out);
		else if (is(one, ":parameters"))
			complete_parameters(prefix, out);
		else
			offer(one, *one.at == ':' ? "" : prefix, out);
}

static void options(const char *table, const char *prefix, FILE *out)
{
	struct text rest = { table, strlen(table) }, line, names, one;

	while (next(&rest, "\n", &line))
		for (names = field(line, 0); next(&names, " ", &one);)
			offer(one, prefix, out);
}

void complete_words(const char *table, char *const *word, size_t n, FILE *out)
{
	const char *last = word[n - 1], *before = n > 1 ? word[n - 2] : "";
	struct text line;

	if (*before == '-' && find(table, before, &line) && field(line, 1).length)
		values(field(line, 2), last, out);
	else if (*last == '-')
		options(table, last, out);
	else if (n == 2 && find(table, "verbs", &line))
		values(field(line, 2), last, out);
	else if (find(table, "operands", &line))
		values(field(line, 2), last, out);
}
