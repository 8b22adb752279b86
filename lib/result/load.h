/* SPDX-License-Identifier: MIT */
#ifndef LOAD_H
#define LOAD_H

#include "fields.h"

/* The document in f->file ("-" is standard input), or NULL with the error in f. */
json_t *load_document(struct fields *f);

#endif
