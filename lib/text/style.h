/* SPDX-License-Identifier: MIT */
/* Text for a terminal: colours where they are wanted. */
#ifndef TEXT_STYLE_H
#define TEXT_STYLE_H

#include <stdbool.h>
#include <stdio.h>

enum style { PLAIN, STRONG, FAINT, GOOD, BAD, DOUBTFUL };

struct styled {
	FILE *out;
	bool colour;
};

void style_print(const struct styled *t, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
