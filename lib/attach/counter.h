/* SPDX-License-Identifier: MIT */
/* The BPF programs: loaded, attached to KVM's tracepoint, and read. */
#ifndef ATTACH_COUNTER_H
#define ATTACH_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "attach/state.h"

struct counter;

/*
 * Count the exits of a process' VM, from now on. svm: AMD. verbose: all that
 * libbpf says goes to stderr. 0 with *c, or a negative errno with a
 * message of one line: the cause, and a remedy. No exit of another process is counted.
 */
int counter_start(struct counter **c, pid_t pid, bool svm, bool verbose, char *message,
		  size_t size);

/* From now on each exit of vCPU i is stored at address + i * PAGE_STRIDE too, in the VMM's memory.
 * Once, before the first exit is to be seen there. */
void counter_store(struct counter *c, uint64_t address, unsigned int pages);

/* The VMM has changed what it maps there, so nothing is written any more. */
bool counter_unmapped(const struct counter *c);

/* Counts of vCPU i < ATTACH_VCPUS so far. Each changes while its vCPU runs. */
const struct vcpu_state *counter_vcpu(const struct counter *c, unsigned int i);

/* "tp_btf" or "tracepoint": how the kernel calls the program. */
const char *counter_way(const struct counter *c);

/* The programs are gone when it returns. NULL is harmless. */
void counter_stop(struct counter *c);

#endif
