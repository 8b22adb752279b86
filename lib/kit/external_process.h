/* SPDX-License-Identifier: MIT */
/* Shared by external.c and external_version.c. */
#ifndef KIT_EXTERNAL_PROCESS_H
#define KIT_EXTERNAL_PROCESS_H

#include "workload.h"

/*
 * Start a program in its own process group, in folder dir unless NULL, with standard output and
 * error going to `out`. Returns its pid, or -errno. A program that does not exist ends with status
 * 127.
 */
int external_start(const char *dir, int out, const char *const *argv);
/* End it and its process group, by SIGTERM before SIGKILL, and reap it. */
void external_end(int pid);

#endif
