// SPDX-License-Identifier: MIT
#include "kit/verify.h"
#include "workload.h"

/* Faults of a window that are no operation's, at most: pages of the stack and the harness. */
#define OWN_FAULTS 16

int workload_verify_count(const struct bench *b, uint64_t n)
{
	return b->done == n ? 0 : -ERANGE;
}

int workload_verify_faults(const struct bench *b, uint64_t n)
{
	uint64_t faults = b->usage.minor_faults;

	return b->done == n && faults >= n && faults <= n + OWN_FAULTS ? 0 : -ERANGE;
}
