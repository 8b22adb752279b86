/* SPDX-License-Identifier: MIT */
/* This machine as a guest sees it. */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include "exitprobe.h"
#include "result/result.h"

/* Copy what the probe found: backend, vendor, paging mode and the list of reasons. 0 or -ENOMEM. */
int environment_probe(struct result *r, const struct exitprobe *p);
/* The current time, UTC, in strftime() format. */
void environment_now(char *text, size_t size, const char *format);
/* "fixed" or "random": where the kernel puts this process's memory (lib/guest/layout.c). */
const char *layout(void);
/* Execute this program again with a fixed layout if that is needed and allowed; else return. argv:
 * from the command's name on. */
void layout_fix(int argc, char **argv);
/* Add labels of this guest. Labels that exist already, from the caller, win. */
int environment_describe(struct result *r, const struct exitprobe *p);

#endif
