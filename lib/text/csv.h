/* SPDX-License-Identifier: MIT */
/* Rows of RFC 4180, field by field. What is not known is an empty field. */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct csv {
	FILE *out;
	bool begun; /* the row has a field */
};

void csv_text(struct csv *c, const char *text); /* NULL: an empty field */
/* Ten digits: more than any estimate has. Empty when not finite. */
void csv_number(struct csv *c, double x);
void csv_count(struct csv *c, uint64_t n);
void csv_end(struct csv *c); /* of the row */

#endif
