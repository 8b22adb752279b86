// SPDX-License-Identifier: MIT
/* The summary for a terminal: questions, and sentences wrapped to its width. */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "text/style.h"

#define WIDTH 96
#define INDENT 4

/* Columns of the next word: characters, not bytes. */
static size_t word_columns(const char *text, size_t bytes)
{
	size_t i, n = 0;

	for (i = 0; i < bytes; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

static void put_wrapped(const struct styled *t, const char *text)
{
	size_t column = INDENT, bytes, width;

	fputs("  - ", t->out);
	while (*text) {
		text += strspn(text, " ");
		bytes = strcspn(text, " ");
		/* A number and its sign stay together. */
		if (!strncmp(text + bytes, " %", 2))
			bytes += 1 + strcspn(text + bytes + 1, " ");
		width = word_columns(text, bytes);
		if (column > INDENT && column + 1 + width > WIDTH) {
			fprintf(t->out, "\n%*s", INDENT, "");
			column = INDENT;
		} else if (column > INDENT) {
			fputc(' ', t->out);
			column++;
		}
		fwrite(text, 1, bytes, t->out);
		column += width;
		text += bytes;
	}
	fputc('\n', t->out);
}

void report_summary_text(const struct summary *s, FILE *out, bool colour)
{
	const struct styled t = { out, colour };
	const struct sentence *at;
	const char *question = NULL;
	char *text;
	size_t i, j;

	style_print(&t, STRONG, "\nSummary\n");
	for (i = 0; i < s->sentences; i++) {
		at = &s->sentence[i];
		if (!question || strcmp(question, at->question))
			style_print(&t, FAINT, "%s\n", at->question);
		question = at->question;
		text = sentence_text(at);
		for (j = 0; text && text[j]; j++)
			if ((unsigned char)text[j] < ' ' || text[j] == 0x7f)
				text[j] = '?';
		if (text)
			put_wrapped(&t, text);
		free(text);
	}
}
