/* SPDX-License-Identifier: MIT */
/* Which threads of the outer VM are vCPUs of which inner VM: QEMU's answers to query-cpus-fast. */
#ifndef VCPUS_H
#define VCPUS_H

#include "witness/fault.h"
#include "witness/scan.h"

struct vcpu {
	uint64_t thread;
	unsigned int guest; /* from 1 */
};

struct vcpus {
	struct vcpu *vcpu; /* ascending by thread, none twice */
	size_t count;
};

/* answers: [guests], the first guest's first. Returns 0, or a negative errno with the fault;
 * vcpus_free() in both cases. */
int vcpus_parse(struct vcpus *v, const struct text *answers, unsigned int guests, struct fault *f);
/* The guest that this thread is a vCPU of; 0: of none. */
unsigned int vcpus_guest(const struct vcpus *v, uint64_t thread);
void vcpus_free(struct vcpus *v);

#endif
