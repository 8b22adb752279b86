/* SPDX-License-Identifier: MIT */
/* The table of one workload in the order in which people should read it. */
#ifndef LINES_H
#define LINES_H

#include "estimate/estimate.h"
#include "text/format.h"

/* A reason, or the sum of a class that has no reason or several. */
struct line {
	const char *name;
	enum exitprobe_class exit_class;
	const struct estimate_value *value;
	uint64_t exits;
	const struct estimate_class *judged; /* NULL: the verdict stands at the class' sum */
};

/* A line's numbers as people read them. */
struct cells {
	char value[FORMAT], interval[FORMAT], band[FORMAT];
};
void line_cells(const struct line *l, struct cells *c);

/*
 * Classes that the workload names come first, then by size. What shows nothing but background is
 * left out and listed in below_threshold, by row. Both to free(). Returns 0 or -ENOMEM.
 */
struct lines {
	struct line *line;
	size_t lines;
	const struct estimate_row **below_threshold;
	size_t below;
};
int lines_make(struct lines *l, const struct estimate_workload *w);
void lines_free(struct lines *l);

#endif
