/* SPDX-License-Identifier: MIT */
/* Text for a terminal: colours where they are wanted. */
#ifndef TONE_H
#define TONE_H

#include <stdbool.h>
#include <stdio.h>

enum tone { PLAIN, STRONG, FAINT, GOOD, BAD, DOUBTFUL };

struct tones {
	FILE *out;
	bool colour;
};

void tone_print(const struct tones *t, enum tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
