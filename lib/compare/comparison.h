/* SPDX-License-Identifier: MIT */
/*
 * Everything that 'suite compare' shows, made once: head lines, rows as text next to their numbers,
 * sentences, warnings and findings. Every form of output is a loop over it.
 */
#ifndef COMPARE_COMPARISON_H
#define COMPARE_COMPARISON_H

#include "compare/cells.h"
#include "text/emit.h"

/* Rows of one workload that are worth a line. */
struct comparison_section {
	const char *workload; /* or "since the VM started" */
	const char *op;       /* NULL: since the VM started */
	char n[64];           /* "n = 5 and 5", "n = 3 and 3 files" */
	const struct compare_cells *const *row;
	size_t rows;
};

/* One side against the first. Texts of files may hold anything but a NUL: clean them for a
 * terminal. */
struct comparison_pair {
	const struct compare *c;
	/* "a.json: nested paging (from: leaf 0x4fffff01), 5 repeats",
	 * "nested: 3 files, a.json to c.json: ..." */
	char side[2][800];
	char axis[800];          /* "what differs: paging, nested in A and shadow in B", or "" */
	const char *emulator[2]; /* whose times these are, or NULL */
	bool counts;             /* the rows are counts since the VM started, not of operations */
	char interval[FORMAT + 16]; /* heading: "interval", or "interval (93.8 %)" */
	struct compare_cells *row;  /* [c->rows] */
	const struct compare_cells **visible;
	struct comparison_section *section;
	size_t sections;
	size_t hidden; /* rows in no section: no more than background on both sides */
	bool sampled;  /* a permutation test took a sample of all splits */
	struct emit_list
		totals;    /* of counts: all exits, what did not change, what one side lacks */
	char summary[200]; /* how many rows differ, in one sentence */
	struct emit_list warnings;
	char untrusted[640]; /* why no conclusion from exits is safe, or "" */
};

struct comparison {
	struct comparison_pair *pair;
	size_t pairs;
	const struct emit_list *findings; /* of --fail-on; borrowed */
};

/* c: [n], all against the same first side; they must outlive it. Returns 0 or -ENOMEM;
 * comparison_free() in both cases. */
int comparison_make(struct comparison *all, const struct compare *c, size_t n,
		    const struct emit_list *findings);
void comparison_free(struct comparison *all);

#endif
