/* SPDX-License-Identifier: MIT */
/*
 * A text listing of exit counts by reason, as the coursework's boot scripts, dmesg and cpuid(1)
 * leave it. Counters move while they are read, and a reason may be read more than once: the first
 * and the last reading of each are kept.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "exitprobe.h"
#include "result/result.h"

/* One counter: a reason, or the total. */
struct dump_counter {
	uint32_t code;
	uint64_t first, last;
	size_t line; /* of the last reading */
	size_t readings;
};

struct dump {
	const char *path;
	enum exitprobe_vendor vendor;
	enum exitprobe_backend layout;
	struct dump_counter *counter; /* ascending by code */
	size_t counters;
	struct dump_counter total;
	size_t readings; /* of reasons */
	size_t lines, left_out, cycles;
	char *message; /* of the first error: "FILE:LINE: what, remedy" */
	size_t size;
	int error;
};

/*
 * Read all of `in`. path, vendor, layout, message and size are set by the caller. Returns 0,
 * -EINVAL with the message, -ENOMEM or -EIO; dump_free() in all cases.
 */
int dump_read(struct dump *l, FILE *in);
/* The same from l->path, "-" is standard input: 0, or -EINVAL with the message. */
int dump_read_file(struct dump *l);
void dump_free(struct dump *l);

/* Fill an empty result (but for labels) with what was read. 0 or -ENOMEM. */
int dump_result(struct result *r, const struct dump *l);
/* What was found, for people. path: where the result was written; "-" is not mentioned. */
void dump_tell(const struct result *r, const struct dump *l, const char *path, FILE *out);

/* What the recognisers of lines report. They do nothing once there is an error. */
void dump_fail(struct dump *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
void dump_count(struct dump *l, uint32_t code, uint64_t value);
void dump_total(struct dump *l, uint64_t value);
/* The last reading of a reason; 0 when there was none. */
uint64_t dump_last(const struct dump *l, uint32_t code);

/* Recognisers. state is theirs; columns: nothing better was found in the file, take plain columns.
 */
struct dump_lines;
struct dump_lines *dump_lines_new(void);
void dump_lines_free(struct dump_lines *s);
/* One line without its end. */
void dump_line(struct dump *l, struct dump_lines *s, const char *text, bool columns);
/* After the last line: is something left unfinished? */
void dump_end(struct dump *l, struct dump_lines *s);

#endif
