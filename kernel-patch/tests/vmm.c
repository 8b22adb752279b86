// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks, on the host, what a guest cannot see of the exit counters: that a
 * VMM can hide leaves, that VMs share nothing and start at zero, that nothing
 * is advertised; and the host's own view, in debugfs and in the log. Each VM is
 * one page of real-mode code: CPUID; HLT.
 *
 *   vmm               check; prints TAP
 *   vmm dump VENDOR   print what a range of leaves answers, to compare two KVMs
 *
 * Exit status 0, 1 a check failed, 3 no KVM, 4 the counters are off.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host.h"
#include "page.h"
#include "vm.h"

#define CLASS 0x4fffff00u
#define TOTAL 0xffffu
#define NEW_VCPUS 15
#define VMX_EXCEPTION 0
#define VMX_CPUID 10
#define VMX_HLT 12
#define SVM_CPUID 0x72
#define SVM_HLT 0x78

static struct cpuid_list supported;
static unsigned int tests, failures;

static void report(bool ok, const char *what)
{
	printf("%s %u - %s\n", ok ? "ok" : "not ok", ++tests, what);
	failures += !ok;
}

static void skip(const char *what, const char *why)
{
	printf("ok %u - %s # SKIP %s\n", ++tests, what, why);
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

/*
 * Without unrestricted guests (and so with ept=0) VMX runs real mode as virtual-8086 mode, where
 * HLT is a general protection fault, and KVM halts for it (vmx.c handle_rmode_exception).
 */
static uint32_t slot_of_hlt(struct vm *vm)
{
	FILE *f = fopen("/sys/module/kvm_intel/parameters/unrestricted_guest", "re");
	int c = f ? getc(f) : 'Y';

	if (f)
		fclose(f);
	if (!vmx(vm))
		return SVM_HLT;
	return c == 'Y' ? VMX_HLT : VMX_EXCEPTION;
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
	uint32_t hlt_slot = slot_of_hlt(vm);
	uint64_t n, h;
	int i;

	h = count(vm, hlt_slot);
	for (i = 0; i < 1000; i++)
		cpuid(vm, 0, 0);
	n = count(vm, cpuid_slot);
	h = count(vm, hlt_slot) - h;
	/* Two CPUIDs to learn the slots, one to read, then 1000, then the read: counted before its
	 * answer. */
	printf("# %llu CPUID, %llu HLT\n", (unsigned long long)n, (unsigned long long)h);
	report(n == 3 + 1000 + 1, "every CPUID is counted once, before its answer");
	report(h == 1 + 1000 + 1, "every HLT is counted once");
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
	report(count(a, slot) == 1 + 100 + 1, "the other VM counts nothing of the first");
	report(cpuid(a, CLASS + 5, 0).a != cpuid(b, CLASS + 5, 0).a, "instance ids differ");
	report(cpuid(a, CLASS + 5, 0).b == 1, "one vCPU each");
	vm_destroy(a);
	vm_destroy(b);
}

struct counting {
	struct vm *vm;
	uint64_t cpuids;
};

static void *count_up(void *argument)
{
	struct counting *c = argument;
	uint32_t slot = vmx(c->vm) ? VMX_CPUID : SVM_CPUID;
	int i;

	for (i = 0; i < 2000; i++)
		cpuid(c->vm, 0, 0);
	c->cpuids = count(c->vm, slot);
	return NULL;
}

static void check_at_once(void)
{
	struct counting vms[2] = { { vm_create(&supported), 0 }, { vm_create(&supported), 0 } };
	pthread_t thread;

	if (pthread_create(&thread, NULL, count_up, &vms[0]))
		exit(3);
	count_up(&vms[1]);
	pthread_join(thread, NULL);
	report(vms[0].cpuids == 1 + 2000 + 1 && vms[1].cpuids == 1 + 2000 + 1,
	       "two VMs that run at once count their own exits");
	vm_destroy(vms[0].vm);
	vm_destroy(vms[1].vm);
}

/* More vCPUs of the VM, which exist and never run, while its first one reads the sum over all. */
static void *grow(void *argument)
{
	struct vm *vm = argument;
	long id;

	for (id = 1; id <= NEW_VCPUS; id++) {
		int fd = ioctl(vm->fd, KVM_CREATE_VCPU, id);

		need(fd, "KVM_CREATE_VCPU");
		close(fd);
	}
	return NULL;
}

static void check_growing(void)
{
	struct vm *vm = vm_create(&supported);
	uint32_t slot = vmx(vm) ? VMX_CPUID : SVM_CPUID;
	uint64_t n = 1, vcpus = 1;
	bool exact = true;
	pthread_t thread;

	if (pthread_create(&thread, NULL, grow, vm))
		exit(3);
	while (exact && vcpus < 1 + NEW_VCPUS) {
		exact = count(vm, slot) == ++n;
		vcpus = cpuid(vm, CLASS + 5, 0).b;
		n++;
	}
	pthread_join(thread, NULL);
	printf("# %llu readings while vCPUs were created\n", (unsigned long long)n / 2);
	report(exact && count(vm, slot) == n + 1, "counts are right while vCPUs are created");
	vm_destroy(vm);
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
	report(r.a == 1 && r.b == 2 && r.c == 3 && r.d == 4,
	       "the VMM's entry hides a leaf of the course");
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
	report(count(vm, slot) == 1 + 2000 + 1,
	       "counts are right while other VMs are created and destroyed");
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
	report(log_says(id, slot, 1), "a destroyed VM is logged, with its number, when asked for");
}

/* A guest reads in its own memory what suite-attach counts, and in the leaves what we do. */
static void check_page(void)
{
	struct vm *vm = vm_create(&supported);
	uint32_t slot = vmx(vm) ? VMX_CPUID : SVM_CPUID;
	const char *why = page_show(vm);
	uint64_t before, leaves, page;
	int i;

	if (why) {
		skip("the counts of suite-attach, as the VM's memory", why);
		vm_destroy(vm);
		return;
	}
	before = count(vm, slot);
	for (i = 0; i < 1000; i++)
		cpuid(vm, 0, 0);
	leaves = count(vm, slot) - before;
	page = page_count(vm, slot);
	printf("# %llu CPUID by the leaves, %llu by the page\n", (unsigned long long)leaves,
	       (unsigned long long)page);
	/* The page has the first reading of the leaves, too. */
	report(leaves == 1001 && page == 1 + leaves,
	       "the counts of suite-attach, as the VM's memory, are the leaves'");
	page_end();
	cpuid(vm, 0, 0);
	report(page_count(vm, slot) == page, "... and stand still when it has ended");
	vm_destroy(vm);
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

static int check(void)
{
	check_not_advertised();
	if (!is_on()) {
		check_off();
		return 4;
	}
	check_counts();
	check_two_vms();
	check_at_once();
	check_growing();
	check_masked();
	check_churn();
	check_host();
	check_page();
	return 0;
}

int main(int argc, char **argv)
{
	int status;

	if (argc != 1 && (argc != 3 || strcmp(argv[1], "dump") || strlen(argv[2]) != 12)) {
		fprintf(stderr, "usage: vmm [dump GenuineIntel|AuthenticAMD]\n");
		return 2;
	}
	kvm_open(&supported);
	if (argc == 3) {
		dump(supported, argv[2]);
		return 0;
	}
	status = check();
	printf("1..%u\n", tests);
	return failures ? 1 : status;
}
