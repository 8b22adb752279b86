/* SPDX-License-Identifier: MIT */
/* The contents of the screen. */
#ifndef VIEW_H
#define VIEW_H

#include "top/top.h"

/* Seconds between readings: bounds for the keys + and -. */
#define TOP_SHORTEST 0.1
#define TOP_LONGEST 60

enum { VIEW_ACCENT = 1, VIEW_WARN };

struct view {
	struct top *t;
	struct top_settings *s;
	bool utf8, coloured;
	bool paused, reverse, help, editing, quit;
	char filter[32];
	const char *notice; /* shown instead of the keys; a constant string */
	size_t first;       /* row at the top of the table */
};

void view_draw(struct view *v);

#endif
