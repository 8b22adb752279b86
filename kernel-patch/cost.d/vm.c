// SPDX-License-Identifier: GPL-2.0-only
/* See vm.h. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "vm.h"

#define MAX_ENTRIES 256

extern const uint8_t guest_begin[], guest_end[];

static int need(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(3);
	}
	return result;
}

static void set_cpuid(struct vm *vm, int vcpu)
{
	size_t size = sizeof(struct kvm_cpuid2) + MAX_ENTRIES * sizeof(struct kvm_cpuid_entry2);
	struct kvm_cpuid2 *list = calloc(1, size);

	need(list ? 0 : -1, "calloc");
	list->nent = MAX_ENTRIES;
	need(ioctl(vm->kvm, KVM_GET_SUPPORTED_CPUID, list), "KVM_GET_SUPPORTED_CPUID");
	need(ioctl(vcpu, KVM_SET_CPUID2, list), "KVM_SET_CPUID2");
	free(list);
}

void vm_add_vcpu(struct vm *vm)
{
	struct vcpu *vcpu = &vm->vcpu[vm->vcpus];
	struct kvm_sregs sregs;

	vcpu->fd = need(ioctl(vm->fd, KVM_CREATE_VCPU, vm->vcpus), "KVM_CREATE_VCPU");
	set_cpuid(vm, vcpu->fd);
	need(ioctl(vcpu->fd, KVM_GET_SREGS, &sregs), "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	sregs.ds.base = vm->vcpus * MEMORY;
	sregs.ds.selector = sregs.ds.base >> 4;
	need(ioctl(vcpu->fd, KVM_SET_SREGS, &sregs), "KVM_SET_SREGS");
	vcpu->run = mmap(NULL, vm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	need(vcpu->run == MAP_FAILED ? -1 : 0, "mmap of a vCPU");
	vm->vcpus++;
}

static void create_event(struct vm *vm)
{
	struct kvm_ioeventfd event = {
		.addr = PORT_KERNEL,
		.len = 1,
		.flags = KVM_IOEVENTFD_FLAG_PIO,
	};

	event.fd = vm->event = need(eventfd(0, EFD_CLOEXEC), "eventfd");
	need(ioctl(vm->fd, KVM_IOEVENTFD, &event), "KVM_IOEVENTFD");
}

void vm_create(struct vm *vm, int vcpus)
{
	struct kvm_userspace_memory_region region = { .memory_size = MAX_VCPUS * MEMORY };

	*vm = (struct vm){};
	vm->kvm = need(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	vm->fd = need(ioctl(vm->kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
	vm->memory = mmap(NULL, region.memory_size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(vm->memory == MAP_FAILED ? -1 : 0, "mmap of the guest's memory");
	memcpy(vm->memory + CODE, guest_begin, guest_end - guest_begin);
	region.userspace_addr = (uintptr_t)vm->memory;
	need(ioctl(vm->fd, KVM_SET_TSS_ADDR, 0xfffbd000), "KVM_SET_TSS_ADDR");
	need(ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
	create_event(vm);
	vm->run_size = need(ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE");
	while (vm->vcpus < vcpus)
		vm_add_vcpu(vm);
}

void vm_destroy(struct vm *vm)
{
	while (vm->vcpus) {
		struct vcpu *vcpu = &vm->vcpu[--vm->vcpus];

		munmap(vcpu->run, vm->run_size);
		close(vcpu->fd);
	}
	close(vm->event);
	close(vm->fd);
	close(vm->kvm);
	munmap(vm->memory, MAX_VCPUS * MEMORY);
}

void vm_put(struct vm *vm, int vcpu, uint32_t address, uint32_t value)
{
	memcpy(vm->memory + vcpu * MEMORY + address, &value, sizeof(value));
}

void vm_run(struct vm *vm, int vcpu, const uint8_t *code)
{
	struct kvm_regs regs = { .rip = CODE + (code - guest_begin), .rflags = 2 };
	const struct kvm_run *run = vm->vcpu[vcpu].run;
	int fd = vm->vcpu[vcpu].fd;

	need(ioctl(fd, KVM_SET_REGS, &regs), "KVM_SET_REGS");
	for (;;) {
		need(ioctl(fd, KVM_RUN, 0), "KVM_RUN");
		if (run->exit_reason == KVM_EXIT_HLT)
			continue;
		if (run->exit_reason != KVM_EXIT_IO)
			break;
		if (run->io.port == PORT_DONE)
			return;
		if (run->io.port != PORT_USER)
			break;
	}
	fprintf(stderr, "load: KVM_RUN ended with reason %u\n", run->exit_reason);
	exit(3);
}
