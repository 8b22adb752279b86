/* SPDX-License-Identifier: MIT */
#ifndef COMPARE_OPTIONS_H
#define COMPARE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "compare/compare.h"

enum compare_form { FORM_NONE, FORM_TEXT, FORM_JSON, FORM_CSV, FORM_MARKDOWN };

/* Files of one side as positions in compare_options.file. */
struct side {
	const char *name; /* NULL: none was given */
	size_t *at;
	size_t files;
};

struct compare_options {
	const char *output, *color, *axis;
	enum compare_form form;
	enum compare_unit unit;
	const char **file;
	size_t files;
	struct side *side; /* as given; none: the files are grouped when they have been read */
	size_t sides;
	const char **rule; /* of --fail-on */
	size_t rules;
	char **own; /* texts that were cut out of arguments */
	size_t owned;
};

/* Returns an exit status, or -1 when the usage was asked for; compare_options_free() in all cases.
 */
int compare_options_parse(struct compare_options *o, int argc, char **argv);
void compare_options_free(struct compare_options *o);

/* Add a file to a side, which is found by its name or made; 0 or -ENOMEM. */
int compare_options_add(struct compare_options *o, const char *side, size_t file);

#endif
