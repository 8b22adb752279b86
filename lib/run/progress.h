/* SPDX-License-Identifier: MIT */
#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

#include "run/run.h"

enum progress_when {
	PROGRESS_AUTO,  /* a line that is redrawn, on a terminal */
	PROGRESS_PLAIN, /* a line for each step */
	PROGRESS_NONE,
};

/* Make a run tell on standard error what it does. */
void progress_show(struct options *o, enum progress_when when);
/* Clear the line that was drawn last. */
void progress_clear(const struct options *o);

#endif
