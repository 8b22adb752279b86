// SPDX-License-Identifier: MIT
#include "summary/summary.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/sides.h"

#include "text/format.h"

void summary_begin(struct summary *s, const char *key, const char *question)
{
	struct sentence *list = reallocarray(s->sentence, s->sentences + 1, sizeof(*s->sentence));

	if (!list) {
		s->error = -ENOMEM;
		return;
	}
	s->sentence = list;
	list[s->sentences++] = (struct sentence){ .key = key, .question = question };
}

/* Takes ownership of the text. */
static void add_piece(struct summary *s, char *text, double value, bool figure)
{
	struct sentence *at = s->sentences ? &s->sentence[s->sentences - 1] : NULL;
	struct piece *list = NULL;

	if (at && text && !s->error)
		list = reallocarray(at->piece, at->pieces + 1, sizeof(*list));
	if (!list) {
		s->error = -ENOMEM;
		free(text);
		return;
	}
	at->piece = list;
	at->figures += figure;
	list[at->pieces++] = (struct piece){ text, value, figure ? at->figures : 0 };
}

void summary_words(struct summary *s, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	add_piece(s, text, 0, false);
}

void summary_figure(struct summary *s, double value, const char *text)
{
	char number[FORMAT];

	add_piece(s, strdup(text ? text : format_number(value, number)), value, true);
}

static void about_sides(struct summary *s, const struct sides *sides)
{
	const struct side *side;
	size_t i;

	for (i = 0; i < sides->sides; i++) {
		side = &sides->side[i];
		summary_begin(s, "measured", "What was measured?");
		summary_words(s, "%c, %s: ", side->letter, side->label);
		if (side->result->dump) {
			summary_words(s, "a listing of ");
			summary_figure(s, (double)side->result->dump->readings, NULL);
			summary_words(s, " readings: exits since the VM's start, by reason.");
			continue;
		}
		summary_figure(s, (double)side->e.workloads, NULL);
		summary_words(s, " workload%s in ", side->e.workloads == 1 ? "" : "s");
		summary_figure(s, side->result->repeat, NULL);
		summary_words(s, " repeat%s%s, %s.", side->result->repeat == 1 ? "" : "s",
			      side->result->complete ? "" : " (not completed)",
			      side->result->backend == EXITPROBE_NONE
				      ? "times only, no exits"
				      : "exits by reason and times");
	}
}

int summary_make(struct summary *s, const struct sides *sides)
{
	*s = (struct summary){ 0 };
	about_sides(s, sides);
	summary_changes(s, sides);
	summary_boot(s, sides);
	summary_rates(s, sides);
	summary_expected(s, sides);
	summary_trust(s, sides);
	return s->error;
}

void summary_free(struct summary *s)
{
	size_t i, j;

	for (i = 0; i < s->sentences; i++) {
		for (j = 0; j < s->sentence[i].pieces; j++)
			free(s->sentence[i].piece[j].text);
		free(s->sentence[i].piece);
	}
	free(s->sentence);
	*s = (struct summary){ 0 };
}

char *sentence_text(const struct sentence *s)
{
	char *text = NULL;
	size_t size, i;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	for (i = 0; i < s->pieces; i++)
		fputs(s->piece[i].text, f);
	fclose(f);
	return text;
}
