/* SPDX-License-Identifier: MIT */
/*
 * A text file in memory, line by line and token by token. Lengths, not NULs, say where things end:
 * what a kernel prints can hold any byte.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *path;
	char *data; /* followed by a NUL beyond size; NULL: no such file was sent */
	size_t size;
};

/* The rest of one line. */
struct scan {
	const char *at, *end;
};

struct lines {
	const struct text *text;
	size_t offset; /* of the next line */
	size_t number; /* of this line, from 1 */
	struct scan line;
	bool whole; /* it ends with a newline: the file was not cut in it */
};

#define LINES_OF(file)         \
	{                      \
		.text = (file) \
	}

/* The next line, without its newline. Returns false at the end of the text. */
bool lines_next(struct lines *l);

enum scanned {
	SCAN_OK,
	SCAN_NONE, /* no digit is here */
	SCAN_HUGE, /* larger than max */
};

/*
 * Digits of base 10 or 16, without sign and prefix, at most max. Stores and moves on after SCAN_OK
 * only.
 */
enum scanned scan_number(struct scan *s, unsigned int base, uint64_t max, uint64_t *value);
/* Step over `literal` if it is next. */
bool scan_literal(struct scan *s, const char *literal);
void scan_blanks(struct scan *s);
/* What is before the first `literal`; s then stands behind it. False, and s unmoved, without one.
 */
bool scan_until(struct scan *s, const char *literal, struct scan *before);

static inline size_t scan_length(const struct scan *s)
{
	return (size_t)(s->end - s->at);
}

static inline bool scan_done(const struct scan *s)
{
	return s->at == s->end;
}

/* For "%.*s" in a message: at most 60 bytes. */
static inline int scan_shown(const struct scan *s)
{
	return scan_length(s) < 60 ? (int)scan_length(s) : 60;
}

#endif
