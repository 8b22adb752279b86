/* SPDX-License-Identifier: MIT */
/* One line for the user, made where an error happens and printed by the command. */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

#include <stddef.h>

/* Writes at most size bytes. Returns error, so that a caller can say `return explain(...)`. */
int explain(char *message, size_t size, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* "suite: TEXT" on stderr, one line. Returns status, so that a caller can say `return
 * complain(EXIT_USAGE, ...)`. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
