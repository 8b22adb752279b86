/* SPDX-License-Identifier: MIT */
/* The smallest possible program, and children that end at once. */
#ifndef KIT_PROGRAM_H
#define KIT_PROGRAM_H

/* The smallest possible program, which ends at once. Returns a file descriptor to execute, or
 * -errno. */
int workload_tiny_program(void);
/* Wait for a child, which must end with status 0. 0 or -errno. */
int workload_wait(int pid);
/* fork() a child that ends at once, and wait for it. 0 or -errno. */
int workload_fork(void);

#endif
