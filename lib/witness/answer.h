/* SPDX-License-Identifier: MIT */
/* QEMU's answer to a QMP command, one JSON document a file. */
#ifndef ANSWER_H
#define ANSWER_H

#include "result/value.h"
#include "witness/fault.h"
#include "witness/scan.h"

struct answer {
	struct document document;
	char *copy; /* that the document points into */
};

/* Returns 0, or a negative errno with the fault; answer_free() in both cases. */
int answer_parse(struct answer *a, const struct text *t, struct fault *f);
/* Its array "return"; NULL when it has none, as when QEMU answered with an error. */
struct value *answer_return(const struct answer *a);
void answer_free(struct answer *a);

#endif
