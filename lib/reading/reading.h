/* SPDX-License-Identifier: MIT */
/* What `suite probe` shows: one reading as rows, and the forms that it is printed in. */
#ifndef READING_H
#define READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/options.h"
#include "exitprobe.h"

#define PROBE_BUCKETS 64

/* For one reason: bucket i is the exits that took [2^i, 2^(i+1)) busy cycles; 0 cycles are in the
 * first. */
struct probe_histogram {
	uint64_t exits; /* that had happened when the buckets were read */
	uint32_t bucket[PROBE_BUCKETS];
};

struct probe_row {
	uint32_t code;
	const char *name; /* "?" for a code that the manual does not define */
	const char *exit_class;
	uint64_t count;
	uint64_t busy; /* host TSC cycles; meaningless without probe->cycles */
	uint64_t wall; /* the same; meaningless without EXITPROBE_WALL */
	const struct probe_histogram *histogram; /* NULL: not asked for */
};

struct probe_list {
	const struct exitprobe *probe;
	const struct exitprobe_snapshot *snapshot;
	struct probe_row row[EXITPROBE_SLOTS];
	size_t rows;
};

/*
 * Rows of one reading, the greatest count first. all: also those that are zero, of every reason
 * that is counted; a reason that the hypervisor has no counter for never gets a row.
 */
void probe_list(struct probe_list *list, const struct exitprobe *p,
		const struct exitprobe_snapshot *s, bool all);

/*
 * Read the histogram of each row that has counted into `into`, one for each row, and hang it there.
 * A reason that exits meanwhile is read again, a few times. *cost: CPUID exits that this made,
 * after the snapshot. Returns 0; -ENOTSUP when the hypervisor keeps none.
 */
int probe_histograms(struct probe_list *list, struct probe_histogram *into, uint32_t *cost);

/* Bars, of 80 columns, for each row with a histogram. */
void probe_histograms_text(const struct probe_list *list, FILE *out);

/* Each form writes the whole list. 0 or -ENOMEM; ferror(out) tells of a stream that failed. */
int probe_text(const struct probe_list *list, FILE *out);
int probe_csv(const struct probe_list *list, FILE *out);
int probe_json(const struct probe_list *list, FILE *out);
/* The lines of the original boot scripts: rows by exit number, counts (ffd) or cycles (ffc). */
int probe_ffd(const struct probe_list *list, FILE *out);
int probe_ffc(const struct probe_list *list, FILE *out);

struct probe_format {
	struct choice choice;
	int (*write)(const struct probe_list *list, FILE *out);
	bool histograms, cycles; /* shows histograms; is nothing without cycles */
};
extern const struct probe_format probe_formats[];

/* What `suite probe` is asked for. */
struct probe_request {
	int form; /* position in probe_formats */
	bool all, histograms, this_vcpu, wall;
};

/* One reading of all counters; list points into the others. */
struct probe_reading {
	struct exitprobe probe;
	struct exitprobe_snapshot snapshot;
	struct probe_histogram *histogram;
	struct probe_list list;
	uint32_t later; /* CPUID exits of the histograms, when the counts had been read */
};

/*
 * Read what is asked for. Returns 0; -EINVAL: the request contradicts itself; or another negative
 * errno: these counters do not have it; with one line of message. probe_reading_free() in all
 * cases.
 */
int probe_read(struct probe_reading *r, const struct probe_request *q, char *message, size_t size);
void probe_reading_free(struct probe_reading *r);
/* How many CPUID exits were the reading's own, in one or two lines. */
void probe_tell_cost(const struct probe_reading *r, FILE *out);

#endif
