/* SPDX-License-Identifier: MIT */
/* The command line of `suite report`. */
#ifndef REPORT_OPTIONS_H
#define REPORT_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "report/report.h"

/* A form of the report. */
struct form {
	const char *name, *end; /* of a file's name */
	int (*write)(const struct report *r,
		     FILE *out); /* NULL: text, which needs to know of colours */
};

struct report_settings {
	const struct form *form;
	bool strict;
	const char *output, *color;
	char *path[SIDES_MAX]; /* to free */
	size_t paths;
};

/* Returns an exit status, or -1 when the usage was asked for. What path[] holds is to free(). */
int report_parse(struct report_settings *s, int argc, char **argv);

#endif
