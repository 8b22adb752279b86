// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static size_t sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* Unicode 15, table 3-7: the second byte excludes overlong forms, surrogates and what lies beyond
 * U+10FFFF. */
static int second_fits(unsigned char first, unsigned char second)
{
	unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return second >= low && second <= high;
}

/* Bytes of the valid sequence at text, or 0. */
static size_t valid(const unsigned char *text, size_t left)
{
	size_t i, length = sequence_length(text[0]);

	if (!length || length > left || (length > 1 && !second_fits(text[0], text[1])))
		return 0;
	for (i = 2; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

char *utf8_clean(const char *text, size_t size, size_t *length)
{
	const size_t wide = strlen(REPLACEMENT);
	char *copy, *to;
	size_t i, n;

	copy = to = malloc(size * wide + 1);
	if (!copy)
		return NULL;
	for (i = 0; i < size; i += n ? n : 1) {
		n = valid((const unsigned char *)text + i, size - i);
		memcpy(to, n ? text + i : REPLACEMENT, n ? n : wide);
		to += n ? n : wide;
	}
	*to = 0;
	*length = (size_t)(to - copy);
	return copy;
}

const char *utf8_printable(const char *text, char *buffer, size_t size)
{
	size_t i = 0;

	for (; text && text[i] && i + 1 < size; i++)
		buffer[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i];
	/* Do not cut a multi-byte character. */
	while (text && text[i] && i && ((unsigned char)text[i] & 0xc0) == 0x80)
		i--;
	buffer[i] = 0;
	return buffer;
}
