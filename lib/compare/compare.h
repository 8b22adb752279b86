/* SPDX-License-Identifier: MIT */
/*
 * Two sides, each of one or more result files: what differs in exits and time per operation (or, of
 * listings without workloads, in exits since the VM started), how much, and how sure that is.
 * docs/method.md, "Comparisons".
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "estimate/estimate.h"

/* A difference must have this size to matter, and this q-value to be believed. */
#define COMPARE_EXITS 0.05 /* exits per op */
#define COMPARE_TIME 0.02  /* of the base; of counts since the VM started too */
#define COMPARE_LEVEL 0.05

enum compare_verdict {
	COMPARE_SAME,      /* no difference of a size that matters, or chance explains it */
	COMPARE_UNDECIDED, /* large enough, but too few repeats to be certain */
	COMPARE_DIFFERS,
};

/*
 * Tests that are corrected together for their number. Which one a row belongs to is known before
 * anything is measured: classes that a workload declares, all other classes, times, and counts
 * since the VM started.
 */
enum compare_family {
	COMPARE_DECLARED,
	COMPARE_OTHER,
	COMPARE_TIMES,
	COMPARE_COUNTS,
	COMPARE_FAMILIES
};

/* The unit of random sampling: what n counts. */
enum compare_unit {
	COMPARE_AUTO,    /* files as soon as a side has several */
	COMPARE_REPEATS, /* a claim about these very boots */
	COMPARE_FILES,   /* boots: the top level of variation */
};

/* Files that belong together. Borrowed. */
struct compare_group {
	const char *name; /* what the user or the axis calls it, or NULL */
	const struct estimate *const *file;
	size_t files;
};

/* Estimates of one side; times are in ns. block belongs to the row. */
struct compare_side {
	struct estimate_value value;
	uint64_t exits;
};

struct compare_row {
	const struct estimate_workload
		*workload; /* of side a; NULL for counts since the VM started */
	enum compare_family family;
	enum exitprobe_class exit_class; /* not of times */
	bool all;                        /* of counts: the sum of all reasons */
	uint32_t code;                   /* of counts by reason; EXITPROBE_CODE_OTHER: by class */
	struct compare_side a, b;
	struct stats_interval shift; /* of the medians, b less a; interval of all pairs */
	double ratio;                /* b over a; NaN where the base may be 0 */
	double resolution; /* of exits: slope of a single one over the span of window sizes */
	double p, q;       /* NaN: all values are the same, nothing to test */
	bool sampled;
	bool background; /* a timer class within what time alone brings, on both sides: not tested
			  */
	enum compare_verdict verdict;
};

/* A label that is not the same everywhere. */
struct compare_label {
	const char *name;
	char a[64], b[64];
	bool within; /* the files of a side disagree */
};

struct compare {
	struct compare_group a, b;
	enum compare_unit unit; /* REPEATS or FILES */
	struct compare_row *row;
	size_t rows;
	size_t tested[COMPARE_FAMILIES];
	struct stats_sizes sizes;
	size_t unmatched; /* workloads that only one side has */
	struct compare_label *label;
	size_t labels;
	const struct compare_label *axis; /* the intended difference, or NULL */
	const struct estimate *alone[2];  /* of compare_make() */
};

/*
 * axis: name of the intended difference ("kernel" is guest_kernel or outer_kernel too); NULL:
 * the paging mode, else the vendor, else the only difference. Returns 0, -ENOMEM, or -ENOENT when
 * the axis named is the same on both sides; compare_free() in all cases. All estimates must outlive
 * the comparison, which must not be moved.
 */
int compare_groups(struct compare *c, const struct compare_group *a, const struct compare_group *b,
		   const char *axis, enum compare_unit unit);
/* The same with one file per side. */
int compare_make(struct compare *c, const struct estimate *a, const struct estimate *b,
		 const char *axis);
void compare_free(struct compare *c);

/* Parts of compare_groups(). */
int compare_labels(struct compare *c, const char *axis);
int compare_workloads(struct compare *c);
int compare_counts(struct compare *c);
/* Fill what follows from the values of both sides. */
void compare_test(struct compare *c, struct compare_row *row);

/* Does a file have no workloads, only counts since the VM started? */
bool compare_is_dump(const struct estimate *e);
/* Is it what `suite boot` wrote? Its workloads are the stretches between marks. */
bool compare_is_boot(const struct estimate *e);
/* Value of a label of one file ("paging", "guest_kernel"), NULL when not recorded. text: 64 bytes.
 */
const char *compare_label_of(const struct estimate *e, const char *name, char *text);
/* Does the user's name of an axis mean this label? */
bool compare_names(const char *axis, const char *label);

/* Everything that differs besides the axis, contradictions, and what too few repeats cannot
 * show. */
void compare_warnings(const struct compare *c, void (*emit)(void *context, const char *text),
		      void *context);
/* Does a side mix paging modes, or do the counts of the sides mean different things? Then no
 * conclusion from exits is safe, and text gets the reason. */
bool compare_untrusted(const struct compare *c, char *text, size_t size);

/* "same", "undecided", "differs" */
const char *compare_verdict_name(enum compare_verdict verdict);
/* How it is printed: "~", "?", "more", "less". */
const char *compare_verdict_sign(const struct compare_row *row);
/* "exits", "ns", "count" */
const char *compare_quantity(const struct compare_row *row);
/* "pagefault.anon", or "since the VM started" */
const char *compare_subject(const struct compare_row *row);
/* "cr-access", "time", "EPT_VIOLATION", "all exits"; key of at least 24 bytes */
const char *compare_what(const struct compare *c, const struct compare_row *row, char *key);
/* Worth a line: not a class in which both sides show no more than background. */
bool compare_visible(const struct compare_row *row);
/* Size of the difference in the unit of its threshold: exits per op, or share of the base. */
double compare_size(const struct compare_row *row);
/* Is the difference beyond chance, or are the values too few to show it? */
enum compare_verdict compare_certainty(const struct compare *c, const struct compare_row *row);
/* Name of the emulator in any file of the side, or NULL. */
const char *compare_emulator(const struct compare_group *g);

#endif
