/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM of this process with one vCPU. What fails ends the process with status 3. */
#ifndef EXIT_STATS_VM_H
#define EXIT_STATS_VM_H

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_ENTRIES 256

struct regs {
	uint32_t a, b, c, d;
};

struct vm {
	int fd, vcpu;
	struct kvm_run *run;
	void *memory;
};

struct cpuid_list {
	struct kvm_cpuid2 head;
	struct kvm_cpuid_entry2 entries[MAX_ENTRIES];
};

void need(int result, const char *what);

/* Open /dev/kvm, and ask what it supports; leaves room for some more entries. */
void kvm_open(struct cpuid_list *supported);

struct vm *vm_create(const struct cpuid_list *cpuid);
void vm_destroy(struct vm *vm);

/* One CPUID and one HLT exit. The other registers are poisoned before. */
struct regs cpuid(struct vm *vm, uint32_t leaf, uint32_t index);

/* Other code, real mode, which ends with HLT. */
struct regs run_code(struct vm *vm, const uint8_t *code, size_t size);

/* What the leaves and others answer to a guest whose CPUID says @vendor (12 characters). */
void dump(struct cpuid_list list, const char *vendor);

#endif /* EXIT_STATS_VM_H */
