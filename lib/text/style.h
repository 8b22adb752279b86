/* SPDX-License-Identifier: MIT */
/* Text for a terminal: colours where they are wanted, and no control characters from a file. */
#ifndef TONE_H
#define TONE_H

#include <stdbool.h>
#include <stdio.h>

#include "estimate/estimate.h"

enum tone { PLAIN, STRONG, FAINT, GOOD, BAD, DOUBTFUL };

struct tones {
	FILE *out;
	bool colour;
};

void tone_print(const struct tones *t, enum tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A verdict as people see it, in its colour: "PASS". */
void tone_verdict(const struct tones *t, enum estimate_verdict verdict);

/* A copy without control characters, cut to size; returns buffer. NULL becomes "". */
const char *tone_clean(const char *text, char *buffer, size_t size);

#endif
