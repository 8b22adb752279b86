/* SPDX-License-Identifier: MIT */
/* What the two halves of the helpers for somebody else's program share (foreign*.c). */
#ifndef KIT_EXTERNAL_PROCESS_H
#define KIT_EXTERNAL_PROCESS_H

#include "workload.h"

/*
 * Start it, in the folder unless NULL, with standard output and error in `out` and in a process
 * group of its own. Its pid, or -errno. A program that is not there ends with 127.
 */
int external_start(const char *dir, int out, const char *const *argv);
/* End it and its group, politely first, and reap it. */
void external_end(int pid);

#endif
