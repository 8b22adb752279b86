/* SPDX-License-Identifier: MIT */
/*
 * What can stand where the cursor is: from the help text of a command, which names its options and
 * their values, and from the registry of workloads. So a new option or workload is known at once.
 */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One option as a help text shows it: "  --sort ORDER   rate (default), total, cycles or name". */
struct complete_option {
	char name[40];    /* with its dashes */
	char value[48];   /* "ORDER", "nested|shadow|both"; "" for none */
	const char *text; /* the help from there to its end; may go on in further lines */
};

/*
 * Call each() for every option of a help text, until it returns true; returns whether it did. Lines
 * of options are indented by two; one may hold several ("--json, --csv").
 */
bool complete_options(const char *help,
		      bool (*each)(const struct complete_option *o, void *context), void *context);

/*
 * Candidates for the last of n words (n > 0; the first is the command's name) in the light of its
 * help text, one a line. ":files" and ":commands" ask the shell for its own.
 */
void complete_words(const char *help, char *const *word, size_t n, FILE *out);

/* Workloads, families and "all" that begin with prefix; or "NAME.PARAMETER=" of all of them. */
void complete_workloads(const char *prefix, FILE *out);
void complete_parameters(const char *prefix, FILE *out);

#endif
