/* SPDX-License-Identifier: MIT */
/* Result files with what lies next to them: the outer VM's own counts, and what the boot cost. */
#ifndef RESULT_BUNDLE_H
#define RESULT_BUNDLE_H

#include <stddef.h>

#include "result/result.h"
#include "result/witness.h"

struct bundles {
	char **path;
	size_t n, most;               /* most: that are taken; set by the caller */
	struct result *result, *boot; /* [n]; boot: "boot-NAME", or empty */
	struct witness *witness;      /* [n]: "witness-NAME", or empty */
};

/*
 * One more result file; of a folder that the laboratory made, its nested.json and shadow.json or
 * those of the first boots. Nothing is read yet. Returns 0, -ENOMEM, or -EINVAL with one line.
 * bundles_free() in all cases.
 */
int bundles_add(struct bundles *b, const char *path, char *message, size_t size);
/* Read all of them. The same returns. */
int bundles_read(struct bundles *b, char *message, size_t size);
void bundles_free(struct bundles *b);

#endif
