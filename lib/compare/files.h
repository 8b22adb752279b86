/* SPDX-License-Identifier: MIT */
#ifndef COMPARE_FILES_H
#define COMPARE_FILES_H

#include "cmd/compare_options.h"

/* What is kept of the files: all but their samples. */
struct compare_files {
	struct result *result;
	struct estimate *estimate;
	size_t files;
};

/* Read and estimate all files, on all CPUs. Returns an exit status; compare_files_free() in all
 * cases.
 */
int compare_files_read(struct compare_files *f, const struct compare_options *o);
void compare_files_free(struct compare_files *f);

/*
 * Without sides on the command line: two files are two sides; more are grouped by the axis named,
 * else by the first of paging, vendor, kernel, patch... that is not the same in all; else each is a
 * side. o->axis becomes what was found. Returns an exit status.
 */
int compare_files_group(const struct compare_files *f, struct compare_options *o);

#endif
