/* SPDX-License-Identifier: MIT */
/* The forms in which a comparison is written. */
#ifndef REPORT_COMPARE_FORMATS_H
#define REPORT_COMPARE_FORMATS_H

#include <stdio.h>

#include "base/options.h"
#include "compare/comparison.h"

struct compare_format {
	struct choice choice; /* name, file ending, help; a NULL name ends the table */
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
