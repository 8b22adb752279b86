/* SPDX-License-Identifier: MIT */
/* All exits of a VM by reason, as they stood at one moment. */
#ifndef ESTIMATE_COUNTS_H
#define ESTIMATE_COUNTS_H

#include "result/result.h"

struct counts_row {
	uint32_t code;
	const char *name; /* "WRITE_CR3"; the key where the manual has no such code */
	char key[24];
	enum exitprobe_class exit_class;
	uint64_t count;
};

struct counts {
	struct counts_row *row; /* most frequent first; no zeros */
	size_t rows;
	uint64_t total; /* of all reasons, including those that a listing omits */
	uint64_t exit_class[EXITPROBE_CLASSES];
	uint64_t unlisted;   /* of the total, those that no row has */
	double seconds;      /* since the guest's kernel started; NaN when not recorded */
	unsigned int absent; /* reasons that the vendor's manual defines and that did not occur */
};

/* counts: [r->reasons], or NULL: then nothing is known, and t->row is NULL. seconds 0: not known.
 * Returns 0 or -ENOMEM; counts_free() in both cases. */
int counts_make(struct counts *t, const struct result *r, const uint64_t *counts, double seconds);
void counts_free(struct counts *t);

/* Share of all exits; NaN when there are no exits. */
double counts_share(const struct counts *t, uint64_t count);
double counts_per_second(const struct counts *t); /* NaN when not known */

#endif
