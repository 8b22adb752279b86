/* SPDX-License-Identifier: MIT */
/* The optional key "histograms": {"svm:0x4e": {"7": 12, "8": 1042}}. */
#ifndef HISTOGRAMS_H
#define HISTOGRAMS_H

#include <jansson.h>

#include "fields.h"
#include "result.h"

/* A new object; NULL when out of memory. r->histogram is there. */
json_t *histograms_json(const struct result *r);
/* Into r->histogram, when the document has them. The reasons are known already. */
void histograms_read(struct fields *f, struct result *r, struct value *document);

#endif
