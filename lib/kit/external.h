/* SPDX-License-Identifier: MIT */
/* Programs that are not ours, run as a workload. */
#ifndef KIT_EXTERNAL_H
#define KIT_EXTERNAL_H

#include "workload.h"

/*
 * Somebody else's program (lib/kit/external.c). external_unusable(): why it cannot be used, or
 * NULL; asks it for its version once, which becomes b->mechanism ("fio 3.33"). least: {major,
 * minor}.
 */
const char *external_unusable(struct bench *b, const char *program, const unsigned int least[2]);
/* Whether PROGRAM ARGUMENT prints `word` among words that white space separates. */
bool external_knows(const char *program, const char *argument, const char *word);
int external_setup(struct bench *b); /* b->state: a folder of its own, in which it will run */
/* A file in that folder, of one line or many. 0 or -errno. */
int external_write(const struct bench *b, const char *name, const char *text);
/* Run it and wait for it; it must end with status 0. */
int external_run(struct bench *b, const char *const *argv);
/*
 * What it left in a file of its folder, bounded, to free(); with b->command it becomes b->output,
 * after what it wrote to its standard output and error. NULL: there is no such file, or no memory.
 */
char *external_read(struct bench *b, const char *name);
void external_teardown(struct bench *b); /* ends what is left of it, and removes the folder */

#endif
