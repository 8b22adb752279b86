/* SPDX-License-Identifier: MIT */
#ifndef TEXT_MARKDOWN_H
#define TEXT_MARKDOWN_H

#include <stdio.h>

/* GitHub's Markdown that shows the text as it is: nothing of it is markup, or ends a cell or a
 * line. NULL: nothing. */
void markdown_text(FILE *out, const char *text);

#endif
