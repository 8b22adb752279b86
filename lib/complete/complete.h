/* SPDX-License-Identifier: MIT */
/*
 * What can stand where the cursor is: from the table of a command's options, as options_print()
 * writes it, and from the catalog of workloads. So a new option or workload is known at once.
 */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Candidates for the last of n words (n > 0; the first is the command's name), one a line. ":files"
 * and ":commands" ask the shell for its own.
 */
void complete_words(const char *table, char *const *word, size_t n, FILE *out);

/* Workloads, families and "all" that begin with prefix; or "NAME.PARAMETER=" of all of them. */
void complete_workloads(const char *prefix, FILE *out);
void complete_parameters(const char *prefix, FILE *out);

#endif
