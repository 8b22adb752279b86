/* SPDX-License-Identifier: MIT */
/* What the two halves of the helpers for somebody else's program share (foreign*.c). */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "workload.h"

/*
 * Start it, in the folder unless NULL, with standard output and error in `out` and in a process
 * group of its own. Its pid, or -errno. A program that is not there ends with 127.
 */
int foreign_start(const char *dir, int out, const char *const *argv);
/* End it and its group, politely first, and reap it. */
void foreign_end(int pid);

#endif
