/* SPDX-License-Identifier: MIT */
/* The files of a comparison: read, estimated, and grouped into sides. */
#ifndef COMPARE_FILES_H
#define COMPARE_FILES_H

#include "compare/compare.h"
#include "compare/operands.h"

/* What is kept of the files: all but their samples. */
struct compare_files {
	struct result *result;
	struct estimate *estimate;
	size_t files;
};

/*
 * Read and estimate all files, on all CPUs. Returns 0, -ENOMEM, or -EINVAL with one line on the
 * first file in the order of the command line that cannot be used; compare_files_free() in all
 * cases.
 */
int compare_files_read(struct compare_files *f, const struct compare_operands *in, char *message,
		       size_t size);
void compare_files_free(struct compare_files *f);

/*
 * Without sides on the command line: two files are two sides; more are grouped by the axis named,
 * else by the first of paging, vendor, kernel, patch... that is not the same in all; else each is a
 * side. in->axis becomes what was found. Returns 0, -ENOMEM, or -ENOENT: the files do not differ in
 * the axis named.
 */
int compare_files_group(const struct compare_files *f, struct compare_operands *in);

#endif
