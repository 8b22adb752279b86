/* SPDX-License-Identifier: MIT */
/* Programs that are not ours, run as a workload. */
#ifndef KIT_EXTERNAL_H
#define KIT_EXTERNAL_H

#include "workload.h"

/*
 * Somebody else's program (lib/kit/external.c). foreign_unusable(): why it cannot be used, or NULL;
 * asks it for its version once, which becomes r->mechanism ("fio 3.33"). least: {major, minor}.
 */
const char *foreign_unusable(struct run *r, const char *program, const unsigned int least[2]);
/* Whether PROGRAM ARGUMENT prints `word` among words that white space separates. */
bool foreign_knows(const char *program, const char *argument, const char *word);
int foreign_setup(struct run *r); /* r->state: a folder of its own, in which it will run */
/* A file in that folder, of one line or many. 0 or -errno. */
int foreign_write(const struct run *r, const char *name, const char *text);
/* Run it and wait for it; it must end with status 0. */
int foreign_run(struct run *r, const char *const *argv);
/*
 * What it left in a file of its folder, bounded, to free(); with r->command it becomes r->words,
 * after what it wrote to its standard output and error. NULL: there is no such file, or no memory.
 */
char *foreign_read(struct run *r, const char *name);
void foreign_teardown(struct run *r); /* ends what is left of it, and removes the folder */

#endif
