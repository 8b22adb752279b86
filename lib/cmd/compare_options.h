/* SPDX-License-Identifier: MIT */
#ifndef COMPARE_OPTIONS_H
#define COMPARE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "compare/compare.h"
#include "compare/operands.h"

enum compare_form { FORM_NONE, FORM_TEXT, FORM_JSON, FORM_CSV, FORM_MARKDOWN };

struct compare_options {
	const char *output, *color;
	enum compare_form form;
	enum compare_unit unit;
	struct compare_operands in;
	const char **rule; /* of --fail-on */
	size_t rules;
};

/* Returns an exit status, or -1 when the usage was asked for; compare_options_free() in all cases.
 */
int compare_options_parse(struct compare_options *o, int argc, char **argv);
void compare_options_free(struct compare_options *o);

#endif
