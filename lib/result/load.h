/* SPDX-License-Identifier: MIT */
#ifndef LOAD_H
#define LOAD_H

#include "fields.h"

/* A JSON document and the text that it points into. */
struct loaded {
	struct document document;
	char *text;
};

/* The document in f->file ("-" is standard input), or NULL with the error in f; load_free() in both
 * cases. */
struct value *load_document(struct fields *f, struct loaded *l);
void load_free(struct loaded *l);

#endif
