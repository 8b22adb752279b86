/* SPDX-License-Identifier: MIT */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/*
 * A copy with every byte that is not part of valid UTF-8 replaced by U+FFFD, with a NUL after
 * *length bytes. NULL if out of memory.
 */
char *utf8_clean(const char *text, size_t size, size_t *length);

/* A copy without control characters, cut to size; returns buffer. NULL becomes "". */
const char *utf8_printable(const char *text, char *buffer, size_t size);

#endif
