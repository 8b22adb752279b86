/* SPDX-License-Identifier: MIT */
/*
 * From raw samples to exits per operation, and from there to verdicts. The method and its reasons:
 * docs/method.md.
 */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "result/result.h"
#include "stats/stats.h"

/*
 * Exits per op that a class may show although nothing is expected of it, and by which a band that
 * begins at 0 may be undercut: what remains of the background after its subtraction.
 */
#define ESTIMATE_TOLERANCE 0.05

/* Above this the relation of exits and operations is not linear (stats_lack_of_fit()). */
#define ESTIMATE_NONLINEAR 3

/* One quantity per operation: its block estimates, and their median with its interval. */
struct estimate_value {
	double *block; /* [interval.n] */
	struct stats_interval interval;
};

enum estimate_verdict {
	ESTIMATE_NO_VERDICT, /* no expectation is known, or nothing was measured */
	ESTIMATE_PASS,
	ESTIMATE_UNCLEAR, /* outside the band, but the interval reaches into it */
	ESTIMATE_UNEXPECTED,
};

struct estimate_row {
	uint32_t code;
	const char *name; /* "WRITE_CR3"; the key where the manual has no such code */
	char key[24];
	enum exitprobe_class exit_class;
	uint64_t exits; /* in all windows */
	struct estimate_value per_op;
};

struct estimate_class {
	enum exitprobe_class exit_class;
	uint64_t exits;
	double ops; /* in all windows: 0 exits in that many is an interval */
	struct estimate_value per_op;
	bool declared;      /* the workload names this class */
	double low, high;   /* band that the verdict used; NaN without a verdict */
	const char *source; /* of a declared band */
	enum estimate_verdict verdict;
	double lack_of_fit;
};

struct estimate_workload {
	const struct result_workload *w;
	bool counted; /* rows and classes are there */
	struct estimate_row *row;
	size_t rows;
	struct estimate_class *exit_class;
	size_t classes;
	struct estimate_value cycles;
	enum estimate_verdict verdict; /* the worst of its classes */
	size_t blocks, left_out;       /* of one size only: no slope */
	size_t windows, migrated, preempted, stolen;
	double exits;      /* in all counted windows */
	double attributed; /* of these, by the operations */
	double background; /* and by the background */
};

struct estimate {
	const struct result *result;
	struct estimate_workload *workload; /* as result->workload */
	size_t workloads;
	bool has_background;                    /* a spin control exists to take it from */
	double *per_cycle;                      /* [result->reasons]: background, exits per cycle */
	double ns_per_cycle;                    /* NaN when not known */
	enum exitprobe_fingerprint fingerprint; /* of the last counters in the file */
	size_t count[ESTIMATE_UNEXPECTED + 1];  /* classes by verdict */
};

/* Returns 0 or -ENOMEM; estimate_free() in both cases. The result must outlive the estimate. */
int estimate_make(struct estimate *e, const struct result *r);
/* Only what a comparison needs: classes without lack of fit, no rows, no shares of the operations.
 */
int estimate_classes(struct estimate *e, const struct result *r);
void estimate_free(struct estimate *e);

const struct estimate_workload *estimate_find(const struct estimate *e, const char *name);
const struct estimate_class *estimate_class(const struct estimate_workload *w,
					    enum exitprobe_class exit_class);

/* "pass", "unclear", "unexpected"; NULL for no verdict. */
const char *estimate_verdict_name(enum estimate_verdict verdict);

/* Standard error of the median of the blocks, from their spread; 0 with fewer than two. */
double estimate_error(const struct estimate_value *v);

/* Name of the emulator under the hypervisor, NULL when none is known: times are then its own. */
const char *estimate_emulator(const struct result *r);

#endif
