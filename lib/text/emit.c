// SPDX-License-Identifier: MIT
#include "text/emit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void emit_line(const struct emitter *s, const char *format, ...)
{
	char text[640];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	s->emit(s->context, text);
}

void emit_keep(void *context, const char *text)
{
	struct emit_list *l = context;
	char **longer = reallocarray(l->line, l->lines + 1, sizeof(*longer));

	if (longer) {
		l->line = longer;
		longer[l->lines] = strdup(text);
	}
	if (longer && longer[l->lines])
		l->lines++;
	else
		l->failed = true;
}

void emit_list_free(struct emit_list *l)
{
	size_t i;

	for (i = 0; i < l->lines; i++)
		free(l->line[i]);
	free(l->line);
	*l = (struct emit_list){ 0 };
}
