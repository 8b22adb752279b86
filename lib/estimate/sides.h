/* SPDX-License-Identifier: MIT */
/* One or several result files, with everything that is computed from them. */
#ifndef SIDES_H
#define SIDES_H

#include "estimate/counts.h"
#include "estimate/estimate.h"
#include "estimate/exit_time.h"
#include "estimate/per_op_total.h"
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
	struct per_op_total *total;        /* [e.workloads] */
	struct counts boot, before, after; /* boot: up to the guest's first process */
	struct exit_time exit_time;
};

struct sides {
	struct side side[SIDES_MAX];
	size_t sides;
};

/*
 * witness, boot: [n] each, an entry without a path means none; or NULL. boot: what 'suite boot
 * mark' wrote in the same VM. Returns 0 or -ENOMEM; sides_free() in both cases. Everything given
 * must outlive the sides.
 */
int sides_make(struct sides *s, const struct result *const *result, const struct witness *witness,
	       const struct result *boot, size_t n);
void sides_free(struct sides *s);

/* Where a workload of the first side stands in another; NULL when it does not. */
const struct estimate_workload *side_workload(const struct side *side, const char *name);
const struct per_op_total *side_per_op_total(const struct side *side, const char *name);

/* Exits since the VM started: up to its first process, else up to the measurement, else (a listing)
 * all that is known. NULL when nothing is. */
const struct counts *side_boot(const struct side *side);
const char *side_boot_key(const struct side *side);  /* in the JSON's counters: "before" */
const char *side_boot_text(const struct side *side); /* "from the VM's start to the measurement" */

/* Exits of all counted windows of a workload in a second of them; NaN when not known. */
double side_rate(const struct side *side, const struct estimate_workload *w);

#endif
