// SPDX-License-Identifier: MIT
#include "text/csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void next_field(struct csv *c)
{
	if (c->begun)
		fputc(',', c->out);
	c->begun = true;
}

void csv_text(struct csv *c, const char *text)
{
	next_field(c);
	if (!text)
		return;
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, c->out);
		return;
	}
	fputc('"', c->out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', c->out);
		fputc(*text, c->out);
	}
	fputc('"', c->out);
}

void csv_number(struct csv *c, double x)
{
	next_field(c);
	if (isfinite(x))
		fprintf(c->out, "%.10g", x);
}

void csv_count(struct csv *c, uint64_t n)
{
	next_field(c);
	fprintf(c->out, "%" PRIu64, n);
}

void csv_end(struct csv *c)
{
	fputc('\n', c->out);
	c->begun = false;
}
