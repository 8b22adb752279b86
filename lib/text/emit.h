/* SPDX-License-Identifier: MIT */
/* Where warnings go: a terminal, a page, an array. */
#ifndef TEXT_EMIT_H
#define TEXT_EMIT_H

struct emitter {
	void (*emit)(void *context, const char *text); /* one line without its end */
	void *context;
};

void emit_line(const struct emitter *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
