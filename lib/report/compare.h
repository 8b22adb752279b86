/* SPDX-License-Identifier: MIT */
/*
 * Two result files side by side: what differs in exits and time per operation, how much, and how
 * sure that is. docs/method.md, "Comparisons".
 */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdio.h>

#include "report/estimate.h"
#include "report/tone.h"

/* A difference must have this size to matter, and this q-value to be believed. */
#define COMPARE_EXITS 0.05 /* exits per op */
#define COMPARE_TIME 0.02  /* of the base */
#define COMPARE_LEVEL 0.05

enum compare_verdict {
	COMPARE_SAME,      /* no difference of a size that matters, or chance explains it */
	COMPARE_UNDECIDED, /* size and p are there, but so few repeats cannot be certain */
	COMPARE_DIFFERS,
};

/*
 * Tests that are corrected together for their number. Which one a row belongs to is known before
 * anything is measured: classes that a workload declares, all other classes, and times.
 */
enum compare_family { COMPARE_DECLARED, COMPARE_OTHER, COMPARE_TIMES, COMPARE_FAMILIES };

/* Estimates of one side; times are in ns. block belongs to the row. */
struct compare_side {
	struct estimate_value value;
	uint64_t exits;
};

struct compare_row {
	const struct estimate_workload *workload; /* of side a */
	enum compare_family family;
	enum exitprobe_class class; /* not of times */
	struct compare_side a, b;
	struct stats_interval shift; /* of the medians, b less a; interval of all pairs */
	double ratio;                /* b over a; NaN from a base that may be 0 */
	double p, q;                 /* NaN: all values are the same, nothing to test */
	bool sampled;
	bool background; /* a timer class within what time alone brings, on both sides: not tested
			  */
	enum compare_verdict verdict;
};

/* A fact about the machine or the run that is not the same on both sides. */
struct compare_fact {
	const char *name;
	char a[64], b[64];
};

struct compare {
	const struct estimate *a, *b;
	struct compare_row *row;
	size_t rows;
	size_t tested[COMPARE_FAMILIES];
	size_t lonely; /* workloads that only one side has */
	struct compare_fact *fact;
	size_t facts;
	const struct compare_fact *axis; /* the difference that was meant, or NULL */
};

/*
 * axis: name of the difference that was meant; NULL: the paging mode, else the vendor, else the
 * only difference. Returns 0, -ENOMEM, or -ENOENT when the axis named is the same on both sides;
 * compare_free() in all cases. Both estimates must outlive the comparison.
 */
int compare_make(struct compare *c, const struct estimate *a, const struct estimate *b,
		 const char *axis);
void compare_free(struct compare *c);

/* Facts and axis of a comparison; part of compare_make(). */
int compare_facts(struct compare *c, const char *axis);

/* Whatever differs beside the axis, contradictions, and what so few repeats cannot show. */
void compare_warnings(const struct compare *c, void (*emit)(void *context, const char *text),
		      void *context);

/* "same", "undecided", "differs" */
const char *compare_verdict_name(enum compare_verdict verdict);
/* Worth a line: not a class in which both sides show no more than background. */
bool compare_visible(const struct compare_row *row);
/* Size of the difference in the unit of its threshold: exits per op, or share of the base time. */
double compare_size(const struct compare_row *row);

void compare_text(const struct compare *c, const struct tones *t);
/* All comparisons against the first file. Returns 0 or -ENOMEM. */
int compare_json(const struct compare *c, size_t n, FILE *out);

#endif
