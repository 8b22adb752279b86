/* SPDX-License-Identifier: MIT */
/*
 * What the outer VM counted itself (scripts/lab.d/witness.sh writes it): "witness-NAME", in the
 * folder of the result file NAME.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include "result/result.h"

struct witness {
	char *path;
	bool equal;
	char *problem;                               /* why no comparison was possible, or NULL */
	uint64_t kvm_exit, stat_exits, guest, after; /* exits; see docs/suite-lab.1.scd */
};

/*
 * Look for the witness of r and read it. Returns 0 and fills w; -ENOENT if it does not exist;
 * another negative errno if it cannot be read or is not of this run, and message then has one line.
 * witness_free() in all cases.
 */
int witness_read(struct witness *w, const struct result *r, char *message, size_t size);
void witness_free(struct witness *w);

/* "PREFIX-NAME" in the folder of NAME, to free(); NULL if out of memory. */
char *witness_beside(const char *path, const char *prefix);

#endif
