/* SPDX-License-Identifier: MIT */
/* A file that appears under its name whole or not at all. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output {
	FILE *file;
	char *path;      /* the target, links resolved; NULL: written in place */
	char *temporary; /* in the same folder */
};

/*
 * "-" is standard output; a device or pipe is written in place. Returns 0, or a negative errno;
 * message then has one line with the cause and a remedy, and nothing is left to undo.
 */
int output_open(struct output *o, const char *path, char *message, size_t size);
/* Flush, fsync and rename. A failure leaves the old content. The struct is empty afterwards. */
int output_commit(struct output *o, const char *path, char *message, size_t size);
/* Can the path be written? Leaves nothing behind. Returns and message as for output_open(). */
int output_possible(const char *path, char *message, size_t size);
/* Would writing path replace the file `other`? A report must not overwrite its own result. */
bool output_same(const char *path, const char *other);
/* Fill message for an error while writing, a negative errno; returns it. */
int output_explain(const char *path, int error, char *message, size_t size);
/* Abandon the file: what the path names is unchanged. */
void output_abandon(struct output *o);

#endif
