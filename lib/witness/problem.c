// SPDX-License-Identifier: MIT
#include "witness/problem.h"

#include <stdarg.h>
#include <stdio.h>

/* What is quoted may hold anything, and goes to terminals. */
static void show_plainly(char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			*text = '?';
}

void problem_is(struct problem *p, const char *format, ...)
{
	va_list args;

	if (p->text[0])
		return;
	va_start(args, format);
	vsnprintf(p->text, sizeof(p->text), format, args);
	va_end(args);
	show_plainly(p->text);
}
