/* SPDX-License-Identifier: MIT */
/* Where warnings go: a terminal, a page, an array. */
#ifndef SINK_H
#define SINK_H

struct sink {
	void (*emit)(void *context, const char *text); /* one line without its end */
	void *context;
};

void sink_say(const struct sink *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
