// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks, on the host, what a guest cannot see of the exit counters: that a
 * VMM can hide leaves, that VMs share nothing and start at zero, that nothing
 * is advertised; and the host's own view, in debugfs and in the log. Each VM is
 * one page of real-mode code: CPUID; HLT.
 *
 * Prints TAP. Exit status 0, 1 a check failed, 3 no KVM, 4 the counters are off.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host.h"

#define CLASS 0x4fffff00u
#define TOTAL 0xffffu
#define CODE 0x1000
#define MAX_ENTRIES 256
#define VMX_CPUID 10
#define VMX_HLT 12
#define SVM_CPUID 0x72
#define SVM_HLT 0x78

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

static int kvm_fd;
static size_t run_size;
static struct cpuid_list supported;
static unsigned int tests, failures;

static void report(bool ok, const char *what)
{
	printf("%s %u - %s\n", ok ? "ok" : "not ok", ++tests, what);
	failures += !ok;
}

static void need(int result, const char *what)
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

static struct vm *vm_create(const struct cpuid_list *cpuid)
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

static void vm_destroy(struct vm *vm)
{
	munmap(vm->run, run_size);
	close(vm->vcpu);
	close(vm->fd);
	munmap(vm->memory, 0x2000);
	free(vm);
}

/* One CPUID and one HLT exit. The other registers are poisoned before. */
static struct regs cpuid(struct vm *vm, uint32_t leaf, uint32_t index)
{
	struct kvm_regs r = { .rip = CODE,
			      .rflags = 2,
			      .rax = leaf,
			      .rcx = index,
			      .rbx = 0xdeadbeefcafe,
			      .rdx = 0xdeadbeefcafe };

	need(ioctl(vm->vcpu, KVM_SET_REGS, &r), "KVM_SET_REGS");
	need(ioctl(vm->vcpu, KVM_RUN, 0), "KVM_RUN");
	if (vm->run->exit_reason != KVM_EXIT_HLT) {
		fprintf(stderr, "vmm: KVM_RUN ended with reason %u, not HLT\n",
			vm->run->exit_reason);
		exit(3);
	}
	need(ioctl(vm->vcpu, KVM_GET_REGS, &r), "KVM_GET_REGS");
	return (struct regs){ r.rax, r.rbx, r.rcx, r.rdx };
}

static uint64_t count(struct vm *vm, uint32_t slot)
{
	struct regs r = cpuid(vm, CLASS + 2, slot);

	return (uint64_t)r.b << 32 | r.a;
}

static bool vmx(struct vm *vm)
{
	return (cpuid(vm, CLASS + 1, 0).b & 0xff) == 1;
}

static bool signature(struct regs r)
{
	return r.a == CLASS + 0xff && !memcmp(&r.b, "KVME", 4) && !memcmp(&r.c, "xitS", 4) &&
	       !memcmp(&r.d, "tats", 4);
}

static void check_not_advertised(void)
{
	unsigned int i;
	bool ok = true;

	for (i = 0; i < supported.head.nent; i++)
		ok &= (supported.entries[i].function & ~0xffu) != CLASS;
	report(ok, "KVM_GET_SUPPORTED_CPUID does not name the leaves");
}

static void check_counts(void)
{
	struct vm *vm = vm_create(&supported);
	uint32_t cpuid_slot = vmx(vm) ? VMX_CPUID : SVM_CPUID;
	uint32_t hlt_slot = vmx(vm) ? VMX_HLT : SVM_HLT;
	uint64_t n, h;
	int i;

	for (i = 0; i < 1000; i++)
		cpuid(vm, 0, 0);
	n = count(vm, cpuid_slot);
	h = count(vm, hlt_slot);
	/* Two CPUIDs to learn the slots, then 1000, then the read: counted before its answer. */
	printf("# %llu CPUID, %llu HLT\n", (unsigned long long)n, (unsigned long long)h);
	report(n == 2 + 1000 + 1, "every CPUID is counted once, before its answer");
	report(h == n, "every HLT is counted once");
	vm_destroy(vm);
}

static void check_two_vms(void)
{
	struct vm *a = vm_create(&supported), *b = vm_create(&supported);
	uint32_t slot = vmx(a) ? VMX_CPUID : SVM_CPUID;
	int i;

	for (i = 0; i < 100; i++)
		cpuid(a, 0, 0);
	report(count(b, slot) == 1, "a VM starts at zero and counts nothing of another");
	report(count(a, slot) == 1 + 100 + 1, "nor does the other");
	report(cpuid(a, CLASS + 5, 0).a != cpuid(b, CLASS + 5, 0).a, "instance ids differ");
	report(cpuid(a, CLASS + 5, 0).b == 1, "one vCPU each");
	vm_destroy(a);
	vm_destroy(b);
}

static void mask(struct cpuid_list *list, uint32_t leaf)
{
	list->entries[list->head.nent++] = (struct kvm_cpuid_entry2){
		.function = leaf,
		.eax = 1,
		.ebx = 2,
		.ecx = 3,
		.edx = 4,
	};
}

static void check_masked(void)
{
	struct cpuid_list list = supported;
	struct regs r;
	struct vm *vm;

	mask(&list, CLASS + 2);
	mask(&list, CLASS + 0xff);
	vm = vm_create(&list);
	r = cpuid(vm, CLASS + 2, TOTAL);
	report(r.a == 1 && r.b == 2 && r.c == 3 && r.d == 4, "the VMM's entry hides a leaf");
	r = cpuid(vm, CLASS + 0xff, 10);
	report(r.a == 1 && r.b == 2 && r.c == 3 && r.d == 4, "and a leaf of the course");
	report(signature(cpuid(vm, CLASS, 0)) && cpuid(vm, CLASS + 3, TOTAL).a,
	       "the other leaves answer");
	vm_destroy(vm);
}

static void *churn(void *stop)
{
	while (!__atomic_load_n((bool *)stop, __ATOMIC_ACQUIRE)) {
		struct vm *vm = vm_create(&supported);

		cpuid(vm, CLASS + 2, TOTAL);
		vm_destroy(vm);
	}
	return NULL;
}

/* VMs come and go on one thread while another VM counts. */
static void check_churn(void)
{
	struct vm *vm = vm_create(&supported);
	uint32_t slot = vmx(vm) ? VMX_CPUID : SVM_CPUID;
	bool stop = false;
	pthread_t thread;
	int i;

	if (pthread_create(&thread, NULL, churn, &stop))
		exit(3);
	for (i = 0; i < 2000; i++)
		cpuid(vm, CLASS + 4, i & 1);
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	report(count(vm, slot) == 1 + 2000 + 1, "right while other VMs are created and destroyed");
	vm_destroy(vm);
}

static void check_host(void)
{
	struct vm *vm = vm_create(&supported);
	uint32_t slot = vmx(vm) ? VMX_CPUID : SVM_CPUID, id;
	int i;

	need(log_vms('N'), "parameter exit_stats_log");
	for (i = 0; i < 100; i++)
		cpuid(vm, 0, 0);
	id = cpuid(vm, CLASS + 5, 0).a;
	report(debugfs_says(vm->fd, slot, 1 + 100 + 1), "debugfs shows the same number");
	vm_destroy(vm);
	report(!log_says(id, slot, 1 + 100 + 1), "a destroyed VM is not logged unless asked for");
	need(log_vms('Y'), "parameter exit_stats_log");
	vm = vm_create(&supported);
	id = cpuid(vm, CLASS + 5, 0).a;
	vm_destroy(vm);
	need(log_vms('N'), "parameter exit_stats_log");
	report(log_says(id, slot, 1), "and is, with its number, when asked for");
}

static void check_off(void)
{
	struct vm *vm = vm_create(&supported);

	report(!signature(cpuid(vm, CLASS, 0)), "off: no signature");
	vm_destroy(vm);
}

static bool is_on(void)
{
	char value = 'N';
	int fd = open("/sys/module/kvm/parameters/exit_stats", O_RDONLY);

	if (fd < 0 || read(fd, &value, 1) != 1)
		value = 'N';
	if (fd >= 0)
		close(fd);
	return value == 'Y';
}

int main(void)
{
	need(kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	run_size = ioctl(kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	supported.head.nent = MAX_ENTRIES - 8;
	need(ioctl(kvm_fd, KVM_GET_SUPPORTED_CPUID, &supported), "KVM_GET_SUPPORTED_CPUID");
	check_not_advertised();
	if (is_on()) {
		check_counts();
		check_two_vms();
		check_masked();
		check_churn();
		check_host();
	} else {
		check_off();
	}
	printf("1..%u\n", tests);
	return failures ? 1 : is_on() ? 0 : 4;
}
