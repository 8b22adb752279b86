// SPDX-License-Identifier: MIT
#include "text/emit.h"

#include <stdarg.h>
#include <stdio.h>

void emit_line(const struct emitter *s, const char *format, ...)
{
	char text[640];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	s->emit(s->context, text);
}
