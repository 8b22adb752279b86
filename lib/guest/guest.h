/* SPDX-License-Identifier: MIT */
/* Facts about this machine, as a guest sees them. */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include "exitprobe.h"
#include "result/result.h"

/* What the probe found: backend, vendor, paging mode and the list of reasons. -ENOMEM or 0. */
int environment_probe(struct result *r, const struct exitprobe *p);
/* The time, UTC, by strftime()'s format. */
void environment_now(char *text, size_t size, const char *format);
/* "fixed" or "random": where the kernel puts this process' memory (lib/guest/layout.c). */
const char *layout(void);
/* Start this program again with a fixed layout, where that is needed and allowed; else return.
 * argv: from the command's name on. */
void layout_fix(int argc, char **argv);
/* Facts about this guest. Facts that the caller gave are there already and win. */
int environment_describe(struct result *r, const struct exitprobe *p);

#endif
