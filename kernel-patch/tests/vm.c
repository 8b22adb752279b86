// SPDX-License-Identifier: GPL-2.0-only
/* A virtual machine monitor of one page: its guest executes CPUID, then HLT. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#define CODE 0x1000
#define OTHER_CODE 0x1800

static int kvm_fd;
static size_t run_size;

void need(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(3);
	}
}

static void set_registers(struct vm *vm)
{
	struct kvm_sregs sregs;

	need(ioctl(vm->vcpu, KVM_GET_SREGS, &sregs), "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	need(ioctl(vm->vcpu, KVM_SET_SREGS, &sregs), "KVM_SET_SREGS");
}

struct vm *vm_create(const struct cpuid_list *cpuid)
{
	static const uint8_t code[] = { 0x0f, 0xa2, 0xf4 }; /* cpuid; hlt */
	struct kvm_userspace_memory_region region = { .memory_size = 0x2000 };
	struct vm *vm = calloc(1, sizeof(*vm));

	vm->memory = mmap(NULL, region.memory_size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memcpy((char *)vm->memory + CODE, code, sizeof(code));
	region.userspace_addr = (uintptr_t)vm->memory;
	need(vm->fd = ioctl(kvm_fd, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
	need(ioctl(vm->fd, KVM_SET_TSS_ADDR, 0xfffbd000), "KVM_SET_TSS_ADDR");
	need(ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
	need(vm->vcpu = ioctl(vm->fd, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
	need(ioctl(vm->vcpu, KVM_SET_CPUID2, cpuid), "KVM_SET_CPUID2");
	vm->run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	need(vm->run == MAP_FAILED ? -1 : 0, "mmap of a vCPU");
	set_registers(vm);
	return vm;
}

void vm_destroy(struct vm *vm)
{
	munmap(vm->run, run_size);
	close(vm->vcpu);
	close(vm->fd);
	munmap(vm->memory, 0x2000);
	free(vm);
}

static struct regs run(struct vm *vm, struct kvm_regs r)
{
	need(ioctl(vm->vcpu, KVM_SET_REGS, &r), "KVM_SET_REGS");
	need(ioctl(vm->vcpu, KVM_RUN, 0), "KVM_RUN");
	need(ioctl(vm->vcpu, KVM_GET_REGS, &r), "KVM_GET_REGS");
	if (vm->run->exit_reason != KVM_EXIT_HLT) {
		fprintf(stderr, "vmm: KVM_RUN ended with reason %u, not HLT, at %#llx",
			vm->run->exit_reason, (unsigned long long)r.rip);
		if (vm->run->exit_reason == KVM_EXIT_MMIO)
			fprintf(stderr, ": %s %#llx",
				vm->run->mmio.is_write ? "write to" : "read of",
				(unsigned long long)vm->run->mmio.phys_addr);
		fputc('\n', stderr);
		exit(3);
	}
	return (struct regs){ r.rax, r.rbx, r.rcx, r.rdx };
}

struct regs cpuid(struct vm *vm, uint32_t leaf, uint32_t index)
{
	const struct kvm_regs r = { .rip = CODE,
				    .rflags = 2,
				    .rax = leaf,
				    .rcx = index,
				    .rbx = 0xdeadbeefcafe,
				    .rdx = 0xdeadbeefcafe };

	return run(vm, r);
}

struct regs run_code(struct vm *vm, const uint8_t *code, size_t size)
{
	memcpy((char *)vm->memory + OTHER_CODE, code, size);
	return run(vm, (struct kvm_regs){ .rip = OTHER_CODE, .rflags = 2 });
}

void kvm_open(struct cpuid_list *supported)
{
	need(kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	run_size = ioctl(kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	supported->head.nent = MAX_ENTRIES - 8;
	need(ioctl(kvm_fd, KVM_GET_SUPPORTED_CPUID, supported), "KVM_GET_SUPPORTED_CPUID");
}
