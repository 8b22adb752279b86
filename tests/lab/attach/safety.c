// SPDX-License-Identifier: MIT
/*
 * suite-attach writes into a VMM's memory: into nothing but the pages, whenever it dies and
 * whatever the VMM maps meanwhile; and nothing of it is left. Prints TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit.h"

/* The pages in the middle, and neighbours that nobody may write to. */
static unsigned char *area;
#define AREA_SIZE ((size_t)3 * FILE_SIZE)

/* A fork has made them read-only until this process writes to them, also for a BPF program. */
static void neighbours_fill(void)
{
	memset(area, CANARY, FILE_SIZE);
	memset(area + 2 * (size_t)FILE_SIZE, CANARY, FILE_SIZE);
}

static void area_make(void)
{
	area = mmap(NULL, AREA_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		die("mmap");
	memory = area + FILE_SIZE;
	memory_map();
	neighbours_fill();
}

static bool neighbours_intact(void)
{
	return filled(area, FILE_SIZE, CANARY) &&
	       filled(area + 2 * (size_t)FILE_SIZE, FILE_SIZE, CANARY);
}

/* What a program does with memory that it gets where the pages were. */
static void reuse_memory(void)
{
	if (mmap(memory, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) != memory)
		die("mmap");
	memset(memory, CANARY, FILE_SIZE);
}

/* Another file has the name now. */
static void reuse_name(void)
{
	unsigned char block[PAGE_STRIDE];
	unsigned int i;
	int fd;

	memset(block, CANARY, sizeof(block));
	unlink(memory_file);
	fd = open(memory_file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	for (i = 0; i < FILE_SIZE / sizeof(block); i++)
		if (write(fd, block, sizeof(block)) != sizeof(block))
			die(memory_file);
	close(fd);
}

static bool name_intact(void)
{
	int fd = open(memory_file, O_RDONLY | O_CLOEXEC);
	unsigned char *map = mmap(NULL, FILE_SIZE, PROT_READ, MAP_SHARED, fd, 0);
	bool good = map != MAP_FAILED && filled(map, FILE_SIZE, CANARY);

	if (map != MAP_FAILED)
		munmap(map, FILE_SIZE);
	close(fd);
	return good;
}

/* Every other time the memory is reused before the process has wholly ended. */
static void kill_once(bool wait, unsigned int *wrong, unsigned int *spoilt)
{
	unsigned long started, counting, killed, count;
	long apart;
	struct attach a;

	memory_map_new();
	running_start();
	running_wait(1);
	started = running_done();
	a = attach_start();
	neighbours_fill();
	counting = running_done();
	running_wait(1 + (unsigned long)random() % 300);
	killed = running_done();
	kill(a.pid, SIGKILL);
	if (wait) {
		*wrong += attach_end(&a, 0) != -SIGKILL;
		count = page(0)->count[SVM_CPUID];
		apart = (long)count - (long)page(0)->count[SVM_IOIO];
		*wrong += !a.counts || count < killed - counting ||
			  count > running_done() + 1 - started || labs(apart) > 1;
		running_wait(20);
		*wrong += page(0)->count[SVM_CPUID] != count;
	}
	reuse_memory();
	reuse_name();
	running_wait(200);
	*spoilt += !filled(area, AREA_SIZE, CANARY);
	*spoilt += !name_intact();
	if (!wait)
		*wrong += attach_end(&a, 0) != -SIGKILL;
	running_stop();
	*spoilt += !filled(area, AREA_SIZE, CANARY);
}

static void test_kills(unsigned int rounds)
{
	unsigned int round, wrong = 0, spoilt = 0;

	for (round = 0; round < rounds; round++)
		kill_once(round % 2, &wrong, &spoilt);
	result(!wrong, "killed %u times while exits happen: the counts were right, and stood still",
	       rounds);
	result(!spoilt, "... and nothing wrote to what used that memory and that name next");
	memory_map_new();
}

/* How many objects the kernel's bpf() has of one kind. */
static unsigned int bpf_objects(int next)
{
	union bpf_attr attr;
	unsigned int n = 0;

	memset(&attr, 0, sizeof(attr));
	while (!syscall(SYS_bpf, next, &attr, sizeof(attr))) {
		attr.start_id = attr.next_id;
		n++;
	}
	return n;
}

static unsigned int bpf_all(void)
{
	return bpf_objects(BPF_PROG_GET_NEXT_ID) + bpf_objects(BPF_MAP_GET_NEXT_ID) +
	       bpf_objects(BPF_LINK_GET_NEXT_ID) + bpf_objects(BPF_BTF_GET_NEXT_ID);
}

static long meminfo(const char *key)
{
	char line[128];
	long value = -1;
	FILE *f = fopen("/proc/meminfo", "re");

	while (f && value < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			sscanf(line + strlen(key), ": %ld", &value);
	if (f)
		fclose(f);
	return value;
}

/* The kernel frees some of a program after the last descriptor has gone. */
static bool bpf_returns_to(unsigned int n)
{
	unsigned int tries;

	for (tries = 0; tries < 1000 && bpf_all() != n; tries++)
		usleep(10000);
	return bpf_all() == n;
}

static long kernel_memory(void)
{
	return meminfo("Slab") + meminfo("VmallocUsed") + meminfo("Percpu");
}

static void test_cycles(unsigned int rounds)
{
	unsigned int before = bpf_all(), round, wrong = 0, most = 0, here = descriptors();
	struct attach a;
	long memory_before = 0;
	bool gone;

	for (round = 0; round < rounds; round++) {
		a = attach_start();
		run(3);
		wrong += !a.counts || page(0)->count[SVM_CPUID] != 3;
		if (bpf_all() > most)
			most = bpf_all();
		wrong += attach_end(&a, SIGTERM) != 0;
		/* The first ones fill the kernel's caches. */
		if (round == rounds / 10)
			memory_before = kernel_memory();
	}
	result(!wrong, "attached and detached %u times, each with its own counts", rounds);
	gone = bpf_returns_to(before) && descriptors() == here;
	result(gone && most > before,
	       "... and no BPF object is left of them: %u before, %u while it counts, %u now",
	       before, most, bpf_all());
	result(kernel_memory() - memory_before < 4096,
	       "... nor memory of the kernel: %ld KiB more after the last nine tenths",
	       kernel_memory() - memory_before);
}

static void traced(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

/* Hold it at the entry of this system call; false: it counts already, or has ended. */
static bool hold_at(pid_t pid, unsigned long number)
{
	struct __ptrace_syscall_info info;
	int status;

	waitpid(pid, &status, 0); /* execve */
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD);
	while (WIFSTOPPED(status)) {
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			break;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80) &&
		    ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY &&
		    (info.entry.nr == number || info.entry.nr == SYS_poll))
			return info.entry.nr == number;
	}
	return false;
}

/* The VMM maps something else there after attach has looked, and before it counts. */
static void test_start(unsigned long number, const char *name)
{
	struct attach a = attach_fork(getpid(), traced);
	bool held = hold_at(a.pid, number);

	reuse_memory();
	neighbours_fill();
	ptrace(PTRACE_DETACH, a.pid, NULL, NULL);
	attach_listen(&a);
	run(1000);
	result(held && filled(area, AREA_SIZE, CANARY),
	       "mapped over while attach starts, at its %s: nothing is written there", name);
	result(!a.counts && attach_end(&a, 0) == 3 && a.lines == 1, "... it says: %s", a.said);
	if (a.counts)
		attach_end(&a, SIGTERM);
	memory_map_new();
}

/* A vCPU that is plugged in later, and whose page would lie behind the memory. */
static void test_beyond(void)
{
	struct attach a = attach_start();
	int late = vcpu_make(4), within = vcpu_make(3);

	neighbours_fill();
	run_on(late, 1000);
	run_on(within, 50);
	run(10);
	result(a.counts && neighbours_intact(), "a vCPU that came later and has no page: nothing "
						"is written behind the pages");
	result(page(3)->count[SVM_CPUID] == 50 && page(0)->count[SVM_CPUID] == 10,
	       "... and one that has a page is counted there: %llu", page(3)->count[SVM_CPUID]);
	attach_end(&a, SIGTERM);
	close(late);
	close(within);
}

int main(int argc, char **argv)
{
	unsigned int kills = argc > 1 ? (unsigned int)atoi(argv[1]) : 10;
	unsigned int cycles = argc > 2 ? (unsigned int)atoi(argv[2]) : 10;
	const unsigned int seed = 24;

	srandom(seed);
	unlink(memory_file);
	vm_make();
	area_make();
	test_kills(kills);
	test_cycles(cycles);
	test_start(SYS_bpf, "first bpf()");
	test_start(SYS_process_vm_readv, "look at the mapping");
	test_beyond();
	result(neighbours_intact(), "the neighbours of the pages were never written to");
	return results_end();
}
