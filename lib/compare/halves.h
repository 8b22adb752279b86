/* SPDX-License-Identifier: MIT */
/* The same thing measured twice: the first half of a run's repeats against the second. */
#ifndef COMPARE_HALVES_H
#define COMPARE_HALVES_H

#include "compare/compare.h"

struct halves {
	struct result first, second; /* views of the run's samples */
	struct estimate a, b;
	struct compare compare;
	size_t tested, differ;       /* rows; an emulator's times are not counted */
	const char *first_differing; /* workload of the first row that differs, or NULL */
};

/* r must outlive h, which must not be moved. 0 or -ENOMEM; halves_free() in both cases. */
int halves_compare(struct halves *h, const struct result *r);
void halves_free(struct halves *h);

#endif
