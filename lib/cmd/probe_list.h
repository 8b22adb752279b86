/* SPDX-License-Identifier: MIT */
/* What `suite probe` shows: one reading as rows, and the forms that it is printed in. */
#ifndef PROBE_LIST_H
#define PROBE_LIST_H

#include <stddef.h>
#include <stdio.h>

#include "exitprobe.h"

struct probe_row {
	uint32_t code;
	const char *name; /* "?" for a code that the manual does not define */
	const char *class;
	uint64_t count;
	uint64_t busy; /* host TSC cycles; meaningless without probe->cycles */
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

/* Each form writes the whole list; ferror(out) tells of a failure. */
void probe_text(const struct probe_list *list, FILE *out);
void probe_csv(const struct probe_list *list, FILE *out);
int probe_json(const struct probe_list *list, FILE *out); /* 0 or -ENOMEM */
/* The lines of the original boot scripts: rows by exit number, counts (ffd) or cycles (ffc). */
void probe_ffd(const struct probe_list *list, FILE *out);
void probe_ffc(const struct probe_list *list, FILE *out);

#endif
