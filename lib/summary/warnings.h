/* SPDX-License-Identifier: MIT */
#ifndef WARNINGS_H
#define WARNINGS_H

#include "estimate/estimate.h"

typedef void (*warnings_emit)(void *context, const char *text);

/* Everything about this file that a reader must know to avoid a wrong conclusion, one line each,
 * with a remedy. */
void warnings_each(const struct estimate *e, warnings_emit emit, void *context);

#endif
