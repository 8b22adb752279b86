/* SPDX-License-Identifier: MIT */
/* A row of a comparison as text, next to its numbers. */
#ifndef COMPARE_CELLS_H
#define COMPARE_CELLS_H

#include "compare/compare.h"
#include "text/format.h"

/* Must not be moved. */
struct compare_cells {
	const struct compare_row *row; /* its numbers */
	const char *what;              /* "cr-access", "time", "EPT_VIOLATION", "all exits" */
	char key[24];                  /* of a single reason, "vmx:48"; else "" */
	/* "" where unknown; "shift" is B - A. */
	char a[FORMAT], b[FORMAT], shift[FORMAT], interval[FORMAT], ratio[FORMAT], q[FORMAT];
	const char *sign; /* of the verdict: "~", "?", "more", "less" */
};

void compare_cells(const struct compare *c, const struct compare_row *row,
		   struct compare_cells *cells);

#endif
