/* SPDX-License-Identifier: MIT */
/* Shared by the parts of the reader. */
#ifndef READ_H
#define READ_H

#include "fields.h"
#include "result.h"

/* r->reason[]: every reason that any count of the document names, ascending. */
void read_reasons(struct fields *f, struct result *r, struct value *document);
/* [r->reasons], or NULL if absent or invalid. */
uint64_t *read_counts(struct fields *f, const struct result *r, struct value *in, const char *key);
void read_workloads(struct fields *f, struct result *r, struct value *document);

#endif
