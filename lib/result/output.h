/* SPDX-License-Identifier: MIT */
/* A file that appears under its name whole or not at all. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output {
	FILE *file;
	char *path;      /* where it goes, links followed; NULL: written in place */
	char *temporary; /* beside it */
};

/*
 * "-" is standard output; a device or pipe is written in place. Returns 0 or a negative errno, then
 * message has one line with the thing and the remedy, and nothing is left to undo.
 */
int output_open(struct output *o, const char *path, char *message, size_t size);
/* Flush, fsync and rename. A failure leaves what was there before. The struct is empty afterwards.
 */
int output_commit(struct output *o, const char *path, char *message, size_t size);
/* Can it be written? Leaves nothing behind. Same returns and message as output_open(). */
int output_possible(const char *path, char *message, size_t size);
/* Would writing path replace the file `other`? A result is not to be lost to its own report. */
bool output_same(const char *path, const char *other);
/* The message of an error that came up between the two, a negative errno; returns it. */
int output_explain(const char *path, int error, char *message, size_t size);
/* Give up: nothing under the name has changed. */
void output_abandon(struct output *o);

#endif
