// SPDX-License-Identifier: MIT
#include "text/markdown.h"

#include <string.h>

void markdown_text(FILE *out, const char *text)
{
	for (; text && *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f) {
			fputc(' ', out);
			continue;
		}
		if (strchr("\\`*_{}[]<>#|!~&@", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}
