// SPDX-License-Identifier: MIT
#include "text/style.h"

#include <stdarg.h>
#include <string.h>

void tone_print(const struct tones *t, enum tone tone, const char *format, ...)
{
	/* ECMA-48 SGR. */
	static const char *const begin[] = { [STRONG] = "\033[1m",
					     [FAINT] = "\033[2m",
					     [GOOD] = "\033[32m",
					     [BAD] = "\033[1;31m",
					     [DOUBTFUL] = "\033[33m" };
	bool coloured = t->colour && tone != PLAIN;
	va_list args;

	if (coloured)
		fputs(begin[tone], t->out);
	va_start(args, format);
	vfprintf(t->out, format, args);
	va_end(args);
	if (coloured)
		fputs("\033[0m", t->out);
}

void tone_verdict(const struct tones *t, enum estimate_verdict verdict)
{
	static const struct {
		const char *text;
		enum tone tone;
	} word[] = {
		[ESTIMATE_PASS] = { "PASS", GOOD },
		[ESTIMATE_UNCLEAR] = { "UNCLEAR", DOUBTFUL },
		[ESTIMATE_UNEXPECTED] = { "UNEXPECTED", BAD },
	};

	if (verdict != ESTIMATE_NO_VERDICT)
		tone_print(t, word[verdict].tone, "%s", word[verdict].text);
}

const char *tone_clean(const char *text, char *buffer, size_t size)
{
	size_t i = 0;

	for (; text && text[i] && i + 1 < size; i++)
		buffer[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i];
	/* Not in the middle of a character of several bytes. */
	while (text && text[i] && i && ((unsigned char)text[i] & 0xc0) == 0x80)
		i--;
	buffer[i] = 0;
	return buffer;
}
