/* SPDX-License-Identifier: MIT */
/*
 * A text listing of exit counts by reason, as the coursework's boot scripts, dmesg and cpuid(1)
 * leave it. Counters move while they are read, and a reason may be read more than once: the first
 * and the last reading of each are kept.
 */
#ifndef IMPORT_LISTING_H
#define IMPORT_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "exitprobe.h"

/* One counter: a reason, or the total. */
struct listing_counter {
	uint32_t code;
	uint64_t first, last;
	size_t line; /* of the last reading */
	size_t readings;
};

struct listing {
	const char *path;
	enum exitprobe_vendor vendor;
	enum exitprobe_backend layout;
	struct listing_counter *counter; /* ascending by code */
	size_t counters;
	struct listing_counter total;
	size_t readings; /* of reasons */
	size_t lines, left_out, cycles;
	char *message; /* of the first error: "FILE:LINE: what, remedy" */
	size_t size;
	int error;
};

/*
 * Read all of `in`. path, vendor, layout, message and size are set by the caller. Returns 0,
 * -EINVAL with the message, -ENOMEM or -EIO; listing_free() in all cases.
 */
int listing_read(struct listing *l, FILE *in);
void listing_free(struct listing *l);

/* What the recognisers of lines report. They do nothing once there is an error. */
void listing_fail(struct listing *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
void listing_count(struct listing *l, uint32_t code, uint64_t value);
void listing_total(struct listing *l, uint64_t value);
/* The last reading of a reason; 0 when there was none. */
uint64_t listing_last(const struct listing *l, uint32_t code);

/* Recognisers. state is theirs; columns: nothing better was found in the file, take plain columns.
 */
struct listing_lines;
struct listing_lines *listing_lines_new(void);
void listing_lines_free(struct listing_lines *s);
/* One line without its end. */
void listing_line(struct listing *l, struct listing_lines *s, const char *text, bool columns);
/* After the last line: is something left unfinished? */
void listing_end(struct listing *l, struct listing_lines *s);

#endif
