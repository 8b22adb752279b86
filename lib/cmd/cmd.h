/* SPDX-License-Identifier: MIT */
/*
 * Subcommands. One file each in lib/cmd/, one line each in the table of lib/main.c. A command gets
 * its own arguments (argv[0] is its name) and returns the exit status of the program.
 */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stdio.h>

/* Exit statuses; docs/suite.1.scd. */
enum {
	EXIT_DONE = 0,
	EXIT_FINDING = 1,
	EXIT_USAGE = 2,
	EXIT_ENVIRONMENT = 3,
	EXIT_SKIPPED = 4,
	EXIT_FAILED = 5,
	EXIT_INTERRUPTED = 130,
};

struct command {
	const char *name;
	int (*fn)(int argc, char **argv);
	const char *help; /* one line */
	bool plumbing;    /* used by scripts, not shown in the short list */
};

extern const struct command commands[]; /* ends with a NULL name */
const struct command *command_find(const char *name);

int cmd_boot(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_complete(int argc, char **argv);
int cmd_exec(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_top(int argc, char **argv);
int cmd_witness(int argc, char **argv);

/* "suite: TEXT" on stderr, one line. Returns status, so that a caller can say `return
 * complain(EXIT_USAGE, ...)`. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* getopt_long() printed nothing (opterr = 0): one line for the option it stopped at. Returns
 * EXIT_USAGE. */
int bad_option(const char *command, int argc, char **argv);

/* A --fact NAME=TEXT of a command; text is cut at its '='. EXIT_DONE, or another status after one
 * line on stderr. */
struct result;
int take_label(const char *command, struct result *r, char *text);

/* Should output to `f` be coloured? choice: "auto", "always", "never" (--color), NULL means auto;
 * NO_COLOR is heeded. */
bool colour_wanted(FILE *f, const char *choice);

#endif
