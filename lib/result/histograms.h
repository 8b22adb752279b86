/* SPDX-License-Identifier: MIT */
/* The optional key "histograms": {"svm:0x4e": {"7": 12, "8": 1042}}. */
#ifndef HISTOGRAMS_H
#define HISTOGRAMS_H

#include <jansson.h>

#include "fields.h"
#include "result.h"

/* A new object; NULL if out of memory. r->histogram must exist. */
json_t *histograms_json(const struct result *r);
/* Read into r->histogram if the document has them. r->reason must be complete. */
void histograms_read(struct fields *f, struct result *r, struct value *document);

#endif
