// SPDX-License-Identifier: MIT
#include "text/style.h"

#include <stdarg.h>

void style_print(const struct styled *t, enum style style, const char *format, ...)
{
	/* ECMA-48 SGR. */
	static const char *const begin[] = { [STRONG] = "\033[1m",
					     [FAINT] = "\033[2m",
					     [GOOD] = "\033[32m",
					     [BAD] = "\033[1;31m",
					     [DOUBTFUL] = "\033[33m" };
	bool coloured = t->colour && style != PLAIN;
	va_list args;

	if (coloured)
		fputs(begin[style], t->out);
	va_start(args, format);
	vfprintf(t->out, format, args);
	va_end(args);
	if (coloured)
		fputs("\033[0m", t->out);
}
