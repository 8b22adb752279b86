/* SPDX-License-Identifier: MIT */
/*
 * A text listing of exit counts by reason, as the coursework's boot scripts, dmesg, cpuid(1), perf
 * and other tools leave it. Counters move while they are read, and a reason may be read more than
 * once: the first and the last reading of each are kept.
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
	uint64_t before; /* the last reading of earlier dumps of the same listing */
	size_t line;     /* of the last reading */
	size_t readings;
	size_t dump;  /* of the last reading; 0: before any heading */
	bool earlier; /* `before` is a reading */
};

struct dump {
	const char *path;
	enum exitprobe_vendor vendor;
	enum exitprobe_backend layout;
	FILE *explain;                /* how each line was read; NULL: not told */
	struct dump_counter *counter; /* ascending by code */
	size_t counters;
	struct dump_counter total;
	size_t readings; /* of reasons */
	size_t lines, left_out, cycles;
	size_t dumps, in_dump; /* dumps begun, readings in this one */
	size_t cut;            /* readings of a last dump that is not complete, and is not used */
	size_t races, misnamed;
	double seconds, gap; /* dmesg's time of the last reading; the longest pause between two */
	size_t gap_line;
	char *message; /* of the first error: "FILE:LINE: what, remedy" */
	size_t size;
	int error;
};

/*
 * Read all of `in`. path, vendor, layout, explain, message and size are set by the caller. Returns
 * 0, -EINVAL with the message, -ENOMEM or -EIO; dump_free() in all cases.
 */
int dump_read(struct dump *l, FILE *in);
/* The same of a text in memory, which is changed; size does not include the NUL at its end. */
int dump_read_text(struct dump *l, char *text, size_t size);
/* The same from l->path, "-" is standard input: 0, or -EINVAL with the message. */
int dump_read_file(struct dump *l);
void dump_free(struct dump *l);

/* Fill an empty result (but for labels) with what was read. 0 or -ENOMEM. */
int dump_result(struct result *r, const struct dump *l);
/* What was found, for people. path: where the result was written; "-" is not mentioned. */
void dump_tell(const struct result *r, const struct dump *l, const char *path, FILE *out);

/* What the recognisers of lines report. They do nothing once there is an error. */
void dump_fail(struct dump *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
void dump_count(struct dump *l, const char *form, uint32_t code, uint64_t value);
/* One more thread's exits, or one more event, of a reason. */
void dump_add(struct dump *l, const char *form, uint32_t code, uint64_t value);
void dump_total(struct dump *l, uint64_t value);
void dump_skip(struct dump *l, const char *why);
void dump_skip_time(struct dump *l);
/* dmesg's time of a reading: a long pause, or a clock that starts again, is remembered. */
void dump_time(struct dump *l, double seconds);
/* A line that begins a dump of all reasons, which growing counters are printed in repeatedly. */
void dump_begin(struct dump *l);
/* After the last line: a last dump that ends early is taken back. */
void dump_whole(struct dump *l);
/* The last reading of a reason; 0 when there was none. */
uint64_t dump_last(const struct dump *l, uint32_t code);

/* Recognisers; state is theirs. */
struct dump_lines;
struct dump_lines *dump_lines_new(void);
void dump_lines_free(struct dump_lines *s);
/* One line without its end; it is changed. */
void dump_line(struct dump *l, struct dump_lines *s, char *text);
/* After the last line: is something left unfinished? */
void dump_end(struct dump *l, struct dump_lines *s);

#endif
