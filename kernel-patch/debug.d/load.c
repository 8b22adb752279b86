// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uses the exit counters in every way at once, so that a debug kernel can find errors: vCPUs exit
 * and read each leaf, and with it each other's counters, while vCPUs are added to their VM, the
 * host reads the VM's debugfs file and the binary statistics, and other VMs come and go.
 *
 * Usage: load ROUNDS. Exit status 0, 3 no KVM.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../cost.d/guest.h"
#include "../cost.d/vm.h"

#define CLASS 0x4fffff00u
#define RUNNING 2 /* vCPUs with a thread */
#define CPUIDS 20 /* in a row, so that vCPUs read what others count at that moment */

extern const uint8_t guest_cpuid[], guest_mix[];

struct worker {
	pthread_t thread;
	struct vm *vm;
	int vcpu, rounds;
	const bool *stop;
};

/* Each leaf, and sub-leaves of every kind: slots, totals, of this vCPU, groups, none. */
static const uint32_t indices[] = {
	0, 1, 0x72, 0x78, 201, 202, 0xffff, 0x80000072u, 0x8000ffffu, 0x0f0072, 0x10ffff, ~0u,
};

static void read_leaves(struct vm *vm, int vcpu)
{
	uint32_t leaf;
	size_t i;

	vm_put(vm, vcpu, OPS, CPUIDS);
	vm_put(vm, vcpu, BLOCKS, 1);
	for (leaf = 0; leaf <= 0xff; leaf += leaf == 7 ? 0xfc - 7 : 1)
		for (i = 0; i < sizeof(indices) / sizeof(*indices); i++) {
			vm_put(vm, vcpu, LEAF, CLASS + leaf);
			vm_put(vm, vcpu, INDEX, indices[i]);
			vm_run(vm, vcpu, i & 1 ? guest_cpuid : guest_mix);
		}
}

static void *run_vcpu(void *argument)
{
	struct worker *w = argument;
	int i;

	for (i = 0; i < w->rounds; i++)
		read_leaves(w->vm, w->vcpu);
	return NULL;
}

static void *churn(void *argument)
{
	struct worker *w = argument;

	for (w->rounds = 0; !__atomic_load_n(w->stop, __ATOMIC_ACQUIRE); w->rounds++) {
		struct vm vm;

		vm_create(&vm, 1 + w->rounds % 2);
		read_leaves(&vm, 0);
		vm_destroy(&vm);
	}
	return NULL;
}

static long read_all(int fd)
{
	char buffer[4096];
	long total = 0;
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		total += n;
	return total;
}

/* The debugfs files of all VMs, also of those that are about to go. */
static long read_debugfs(void)
{
	char path[512];
	struct dirent *entry;
	DIR *dir = opendir("/sys/kernel/debug/kvm");
	long total = 0;
	int fd;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/kvm/%s/exit_stats", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		total += read_all(fd);
		close(fd);
	}
	if (dir)
		closedir(dir);
	return total;
}

static long read_statistics(int of)
{
	int fd = ioctl(of, KVM_GET_STATS_FD, NULL);
	long total;

	if (fd < 0)
		return 0;
	total = read_all(fd);
	close(fd);
	return total;
}

/* The host's part meanwhile. Returns the bytes that it read. */
static long look(struct vm *vm, int rounds)
{
	long bytes = 0;
	int i, j;

	for (i = 0; i < rounds; i++) {
		if (vm->vcpus < MAX_VCPUS)
			vm_add_vcpu(vm);
		bytes += read_debugfs() + read_statistics(vm->fd);
		for (j = 0; j < vm->vcpus; j++)
			bytes += read_statistics(vm->vcpu[j].fd);
	}
	return bytes;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 10, i;
	struct worker vcpus[RUNNING], other;
	bool stop = false;
	struct vm vm;
	long bytes;

	vm_create(&vm, RUNNING);
	for (i = 0; i < RUNNING; i++) {
		vcpus[i] = (struct worker){ .vm = &vm, .vcpu = i, .rounds = rounds };
		if (pthread_create(&vcpus[i].thread, NULL, run_vcpu, &vcpus[i]))
			return 3;
	}
	other = (struct worker){ .stop = &stop };
	if (pthread_create(&other.thread, NULL, churn, &other))
		return 3;
	bytes = look(&vm, rounds);
	for (i = 0; i < RUNNING; i++)
		pthread_join(vcpus[i].thread, NULL);
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(other.thread, NULL);
	vm_destroy(&vm);
	printf("load: %d rounds of all leaves on %d vCPUs, %d VMs meanwhile, %ld bytes of "
	       "statistics\n",
	       rounds, RUNNING, other.rounds, bytes);
	return 0;
}
