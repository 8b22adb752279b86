/* SPDX-License-Identifier: MIT */
/* The smallest program there is, and children that end at once. */
#ifndef KIT_PROGRAM_H
#define KIT_PROGRAM_H

/* The smallest program there is: it ends at once. A file descriptor to execute, or -errno. */
int workload_tiny_program(void);
/* Wait for a child that must end with status 0. */
int workload_wait(int pid);
/* fork(), the child ends at once, wait for it. 0 or -errno. */
int workload_fork(void);

#endif
