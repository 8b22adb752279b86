/* SPDX-License-Identifier: MIT */
/* Where lines go: a terminal, a page, an array, a list. */
#ifndef TEXT_EMIT_H
#define TEXT_EMIT_H

#include <stdbool.h>
#include <stddef.h>

struct emitter {
	void (*emit)(void *context, const char *text); /* one line without its end */
	void *context;
};

void emit_line(const struct emitter *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Lines that are kept, in their order. */
struct emit_list {
	char **line;
	size_t lines;
	bool failed; /* out of memory: lines are missing */
};

/* Target of an emitter; context: the list. */
void emit_keep(void *context, const char *text);
void emit_list_free(struct emit_list *l);

#endif
