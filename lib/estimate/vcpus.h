/* SPDX-License-Identifier: MIT */
/* Windows on several vCPUs at once: what each of them did. */
#ifndef VCPUS_H
#define VCPUS_H

#include "result/result.h"

struct vcpu_share {
	uint32_t cpu;
	uint64_t exits;  /* of this vCPU in all windows that counted it */
	uint64_t cycles; /* of its own share of these windows */
};

/* Shares of at most `most` vCPUs, as in the first window; the number of them, 0 where windows ran
 * on one. */
size_t vcpus_shares(const struct result *r, const struct result_workload *w,
		    struct vcpu_share *share, size_t most);

#endif
