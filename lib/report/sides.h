/* SPDX-License-Identifier: MIT */
/* One or several result files, with everything that is computed from them. */
#ifndef SIDES_H
#define SIDES_H

#include "report/estimate.h"
#include "report/handling.h"
#include "report/summary.h"
#include "report/tally.h"
#include "report/total.h"
#include "result/witness.h"

#define SIDES_MAX 8
#define SIDE_LABEL 40

struct side {
	const struct result *result;
	const struct witness *witness; /* NULL: none */
	char letter;                   /* 'A'... */
	char name[SIDE_LABEL];         /* of the file, without its folder */
	char label[SIDE_LABEL];        /* what tells it from the others: "shadow paging" */
	struct estimate e;
	struct total *total; /* [e.workloads] */
	struct tally before, after;
	struct handling handling;
};

struct sides {
	struct side side[SIDES_MAX];
	size_t sides;
	struct summary summary;
};

/*
 * witness: [n], an entry without a path means none; or NULL. Returns 0 or -ENOMEM; sides_free() in
 * both cases. Results and witnesses must outlive the sides.
 */
int sides_make(struct sides *s, const struct result *const *result, const struct witness *witness,
	       size_t n);
void sides_free(struct sides *s);

/* Where a workload of the first side stands in another; NULL when it does not. */
const struct estimate_workload *side_workload(const struct side *side, const char *name);
const struct total *side_total(const struct side *side, const char *name);

/* Exits since the VM started: up to the measurement, else (a listing) all that is known. NULL when
 * nothing is. */
const struct tally *side_boot(const struct side *side);

/* Exits of all counted windows of a workload in a second of them; NaN when not known. */
double side_rate(const struct side *side, const struct estimate_workload *w);

#endif
