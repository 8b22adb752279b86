/* SPDX-License-Identifier: MIT */
/* Verification that more than one workload needs. */
#ifndef KIT_VERIFY_H
#define KIT_VERIFY_H

#include "workload.h"

/* verify() for operations that the kernel does not account for: the loop's own count must be n. */
int workload_verify_count(const struct bench *b, uint64_t n);
/* verify() where each operation is one minor fault: a few more are the harness's own, fewer is work
 * that was not done. */
int workload_verify_faults(const struct bench *b, uint64_t n);

#endif
