/* SPDX-License-Identifier: MIT */
/* The forms in which a comparison is written. */
#ifndef REPORT_COMPARE_FORMATS_H
#define REPORT_COMPARE_FORMATS_H

#include <stdio.h>

#include "compare/comparison.h"

struct compare_format {
	const char *name;   /* of --format; NULL ends the table */
	const char *ending; /* of file names that choose it, NULL: none does */
	/* 0 or -ENOMEM; a stream that fails is the caller's to find. Only text has colours. */
	int (*write)(const struct comparison *all, FILE *out, bool colour);
};

/* Text, the default, comes first. */
extern const struct compare_format compare_formats[];

int compare_text(const struct comparison *all, FILE *out, bool colour);
int compare_json(const struct comparison *all, FILE *out, bool colour);
int compare_csv(const struct comparison *all, FILE *out, bool colour);
int compare_markdown(const struct comparison *all, FILE *out, bool colour);

#endif
