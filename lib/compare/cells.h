/* SPDX-License-Identifier: MIT */
/* A row of a comparison and its heading as people read them, for the forms that people read. */
#ifndef COMPARE_CELLS_H
#define COMPARE_CELLS_H

#include "compare/compare.h"
#include "text/format.h"

struct compare_cells {
	char a[FORMAT], b[FORMAT], shift[FORMAT], interval[FORMAT], ratio[FORMAT], q[FORMAT];
};

void compare_cells(const struct compare_row *row, struct compare_cells *cells);
/* "a.json: nested paging (from: leaf 0x4fffff01), 5 repeats", "nested: 3 files, a.json to c.json:
 * ..." */
const char *compare_side_line(const struct compare_group *g, char *text, size_t size);
/* "what differs: paging, nested in A and shadow in B", or "" */
const char *compare_axis_line(const struct compare *c, char *text, size_t size);
/* "n = 5 and 5", "n = 3 and 3 files" */
const char *compare_n(const struct compare *c, const struct compare_row *row, char *text,
		      size_t size);
/* Of listings: sentences on the total, on what did not change, and on what is on one side only. */
void compare_count_lines(const struct compare *c, void (*emit)(void *context, const char *text),
			 void *context);
/* "interval", or "interval (93.8 %)" */
const char *compare_interval_heading(const struct compare *c, char *text, size_t size);
/* How many rows differ, in one sentence. */
const char *compare_summary(const struct compare *c, char *text, size_t size);

#endif
