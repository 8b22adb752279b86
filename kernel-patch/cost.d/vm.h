/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM whose vCPUs run guest.S, without interrupt controllers, so that HLT ends KVM_RUN. */
#ifndef COST_VM_H
#define COST_VM_H

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_VCPUS 8

struct vcpu {
	int fd;
	struct kvm_run *run;
};

struct vm {
	int kvm, fd, event, vcpus;
	size_t run_size;
	uint8_t *memory;
	struct vcpu vcpu[MAX_VCPUS];
};

/* These end the program with status 3 and one line if KVM refuses. */
void vm_create(struct vm *vm, int vcpus);
void vm_add_vcpu(struct vm *vm);
void vm_destroy(struct vm *vm);

/* Each vCPU has the addresses of guest.h to itself. */
void vm_put(struct vm *vm, int vcpu, uint32_t address, uint32_t value);

/* Runs a vCPU from @code, a symbol of guest.S, to its OUT to PORT_DONE. */
void vm_run(struct vm *vm, int vcpu, const uint8_t *code);

#endif /* COST_VM_H */
