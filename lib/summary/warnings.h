/* SPDX-License-Identifier: MIT */
#ifndef WARNINGS_H
#define WARNINGS_H

#include "estimate/estimate.h"

typedef void (*warnings_emit)(void *context, const char *text);

/* Everything about this file that should keep its reader from a wrong conclusion, one line each,
 * with what to do about it. */
void warnings_each(const struct estimate *e, warnings_emit emit, void *context);

#endif
