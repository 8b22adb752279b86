/* SPDX-License-Identifier: MIT */
/* External programs, run as a workload. */
#ifndef KIT_EXTERNAL_H
#define KIT_EXTERNAL_H

#include "workload.h"

/*
 * Why an external program cannot be used, or NULL. Asks it once for its version, which becomes
 * b->mechanism ("fio 3.33"). least: {major, minor} of the oldest usable version.
 */
const char *external_unusable(struct bench *b, const char *program, const unsigned int least[2]);
/* Whether `program argument` prints `word`, delimited by white space. */
bool external_knows(const char *program, const char *argument, const char *word);
int external_setup(struct bench *b); /* makes the folder to run it in; b->state */
/* Write a text file in that folder. 0 or -errno. */
int external_write(const struct bench *b, const char *name, const char *text);
/* Run it and wait for it; any status but 0 is an error, explained in b->why. 0 or -errno. */
int external_run(struct bench *b, const char *const *argv);
/*
 * A file that it left in its folder, bounded, to free(); with b->command it is also appended to its
 * standard output and error in b->output. NULL: no such file, or out of memory.
 */
char *external_read(struct bench *b, const char *name);
void external_teardown(struct bench *b); /* ends what still runs, and removes the folder */

#endif
