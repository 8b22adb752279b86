/* SPDX-License-Identifier: MIT */
/* What is compared: result files, each of one side. */
#ifndef COMPARE_OPERANDS_H
#define COMPARE_OPERANDS_H

#include <stddef.h>

/* Files of one side, as positions in compare_operands.file. */
struct compare_operand {
	const char *name; /* NULL: none was given */
	size_t *at;
	size_t files;
};

struct compare_operands {
	const char **file;
	size_t files;
	struct compare_operand *operand; /* as given; none: the files are grouped once they have
					    been read */
	size_t operands;
	const char *axis; /* the difference that is meant; NULL: none was named */
	char **own;       /* texts that the names above point into */
	size_t owned;
};

/* All return 0 or -ENOMEM. */

/* One more file, of no side yet: its position is files - 1. */
int operands_add_file(struct compare_operands *o, const char *path);
/* Add a file to the side of that name, which is created if needed; NULL: to a new side.
 */
int operands_add(struct compare_operands *o, const char *side, size_t file);
/* Add a file to an existing side. */
int operand_add(struct compare_operand *side, size_t file);
/* One more side without a name; NULL when out of memory. */
struct compare_operand *operands_new(struct compare_operands *o);
/* Keep a text that a name will point into; it is freed when that fails, too. */
int operands_keep(struct compare_operands *o, char *text);
void operands_free(struct compare_operands *o);

#endif
