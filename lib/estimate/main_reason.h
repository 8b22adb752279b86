/* SPDX-License-Identifier: MIT */
#ifndef MAIN_REASON_H
#define MAIN_REASON_H

#include "exitprobe.h"

/*
 * The reason that stands for a class in which nothing was seen, so that a row can say 0 of it. NULL
 * when the vendor has none of that class.
 */
const struct exitprobe_reason *main_reason(enum exitprobe_vendor vendor,
					   enum exitprobe_class exit_class);

#endif
