// SPDX-License-Identifier: MIT
#include "witness/scan.h"

#include <string.h>

bool lines_next(struct lines *l)
{
	const struct text *t = l->text;
	const char *begin = t->data + l->offset, *newline;
	size_t left = t->size - l->offset;

	if (!left)
		return false;
	newline = memchr(begin, '\n', left);
	l->whole = newline;
	l->line.at = begin;
	l->line.end = newline ? newline : begin + left;
	l->offset += (size_t)(l->line.end - begin) + (newline ? 1 : 0);
	l->number++;
	return true;
}

static unsigned int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return 16;
}

enum scanned scan_number(struct scan *s, unsigned int base, uint64_t max, uint64_t *value)
{
	const char *at = s->at;
	uint64_t number = 0;

	for (; at < s->end && digit_of(*at) < base; at++)
		if (__builtin_mul_overflow(number, base, &number) ||
		    __builtin_add_overflow(number, digit_of(*at), &number) || number > max)
			return SCAN_HUGE;
	if (at == s->at)
		return SCAN_NONE;
	s->at = at;
	*value = number;
	return SCAN_OK;
}

bool scan_literal(struct scan *s, const char *literal)
{
	size_t length = strlen(literal);

	if (scan_length(s) < length || memcmp(s->at, literal, length) != 0)
		return false;
	s->at += length;
	return true;
}

void scan_blanks(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
}

bool scan_until(struct scan *s, const char *literal, struct scan *before)
{
	const char *found = memmem(s->at, scan_length(s), literal, strlen(literal));

	if (!found)
		return false;
	*before = (struct scan){ s->at, found };
	s->at = found + strlen(literal);
	return true;
}
