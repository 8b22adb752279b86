/* SPDX-License-Identifier: MIT */
/* Why the check cannot be made: evidence that is missing or cannot be read. */
#ifndef FAULT_H
#define FAULT_H

#include <stddef.h>

struct fault {
	int error;      /* negative errno of the first call; 0: nothing happened */
	char text[512]; /* one line: the file, the line where there is one, the cause */
};

/* The first fault counts. line: from 1; 0 when the file as a whole is meant. Returns the error. */
int fault_at(struct fault *f, int error, const char *path, size_t line, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
int fault_memory(struct fault *f);

#endif
