/* SPDX-License-Identifier: MIT */
/* A second process of a workload, and what a fork copies. */
#ifndef KIT_CHILD_H
#define KIT_CHILD_H

#include "workload.h"

/* Fork a child that runs body(b) pinned to b->cpu and exits with its result; it dies with its
 * parent. Returns its pid, or -errno. */
int workload_child(struct bench *b, int (*body)(struct bench *b));
/* Kill and reap; a pid of 0 or less is ignored. */
void workload_reap(int pid);

/*
 * For setup() and teardown() of workloads that fork in the window: with true, children do not
 * inherit the heap (malloc), which they must not touch, and unused stack pages are given back. What
 * a fork costs depends on how much memory is copied, and the harness's memory must not count.
 */
void workload_trim_for_fork(bool on);

#endif
