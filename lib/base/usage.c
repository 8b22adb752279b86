// SPDX-License-Identifier: MIT
/* An option table as text: for people, and for scripts. */
#include <string.h>

#include "base/options.h"

#define COLUMNS 80
#define LABEL_MOST 19 /* a longer label has its help below it */

/* "-o, --output FILE" */
static size_t label(const struct option_def *o, char *text, size_t size)
{
	char letter[] = "-x, ";

	letter[1] = o->letter;
	return (size_t)snprintf(text, size, "%s--%s%s%s", o->letter ? letter : "", o->name,
				o->metavar ? " " : "", o->metavar ? o->metavar : "");
}

/* Words from column `at` on, in lines that begin at column `margin`; ends the last one. */
static void wrap(const char *text, size_t at, size_t margin, FILE *out)
{
	bool first = true;
	size_t length;

	while (*(text += strspn(text, " "))) {
		length = strcspn(text, " ");
		if (!first && at + 1 + length > COLUMNS) {
			fprintf(out, "\n%*s", (int)margin, "");
			at = margin;
			first = true;
		}
		fprintf(out, "%s%.*s", first ? "" : " ", (int)length, text);
		at += length + !first;
		first = false;
		text += length;
	}
	fputc('\n', out);
}

static void paragraphs(const char *text, FILE *out)
{
	size_t length;
	char line[1024];

	for (; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		if (*line == ' ')
			fprintf(out, "%s\n", line);
		else
			wrap(line, 0, 0, out);
	}
}

/* Choices with a help of their own, one a line. */
static void list_choices(const struct choices *c, size_t margin, FILE *out)
{
	const struct choice *row;
	size_t i, width = 0;
	char text[256];

	for (i = 0; (row = choice_at(c, i)); i++)
		width = strlen(row->name) > width ? strlen(row->name) : width;
	for (i = 0; (row = choice_at(c, i)) && row->help; i++) {
		snprintf(text, sizeof(text), row->ending ? "%s (%s)" : "%s", row->help,
			 row->ending);
		fprintf(out, "%*s%-*s  ", (int)margin, "", (int)width, row->name);
		wrap(text, margin + width + 2, margin + width + 2, out);
	}
}

void options_usage(const struct option_table *t, const char *program, FILE *out)
{
	const struct option_def *o;
	size_t i, length, margin = 0;
	const char *line = t->synopsis;
	char text[128];

	for (i = 0; *line; i++, line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		fprintf(out, "%s %s %s%s%.*s\n", i ? "      " : "usage:", program, t->name,
			length ? " " : "", (int)length, line);
	}
	fputc('\n', out);
	paragraphs(t->about, out);
	fputc('\n', out);
	for (i = 0; (o = option_at(t, i)); i++) {
		length = label(o, text, sizeof(text));
		margin = length <= LABEL_MOST && length > margin ? length : margin;
	}
	margin += 4;
	for (i = 0; (o = option_at(t, i)); i++) {
		length = label(o, text, sizeof(text));
		fprintf(out, length + 4 > margin ? "  %s\n%*s" : "  %s%*s", text,
			(int)(length + 4 > margin ? margin : margin - length - 2), "");
		wrap(o->help, margin, margin, out);
		if (o->type == OPTION_CHOICE)
			list_choices(&o->choices, margin, out);
	}
	if (t->notes) {
		fputc('\n', out);
		paragraphs(t->notes, out);
	}
}

/* What its value can be, with blanks between. */
static const char *values_of(const struct option_def *o, char *text, size_t size)
{
	if (!option_takes_value(o))
		return "";
	if (o->type != OPTION_CHOICE)
		return o->values ? o->values : "";
	choice_names(&o->choices, " ", text, size);
	return text;
}

void options_print(const struct option_table *t, FILE *out)
{
	const struct option_def *o;
	char text[512];
	size_t i;

	if (t->verbs)
		fprintf(out, "verbs\t\t%s\n", t->verbs);
	if (t->operands)
		fprintf(out, "operands\t\t%s\n", t->operands);
	for (i = 0; (o = option_at(t, i)); i++) {
		if (o->letter)
			fprintf(out, "-%c ", o->letter);
		fprintf(out, "--%s\t%s\t%s\n", o->name, o->metavar ? o->metavar : "",
			values_of(o, text, sizeof(text)));
	}
}
