// SPDX-License-Identifier: MIT
/*
 * What happens to a VM and to its memory while suite-attach counts: the counts are right
 * afterwards, and attach ends as it should. Prints TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit.h"

static bool say(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

static long number_in(const char *path, const char *key)
{
	char line[256];
	long value = -1;
	FILE *f = fopen(path, "re");

	while (f && value < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key));
	if (f)
		fclose(f);
	return value;
}

static bool counted(unsigned long long n)
{
	return page(0)->count[SVM_CPUID] == n && page(0)->count[SVM_IOIO] == n;
}

/* The pages are not in the VMM's page table; the VMM has touched them again. */
static void test_dropped(void)
{
	struct attach a = attach_start();
	unsigned long long seen;

	run(10);
	madvise(memory, FILE_SIZE, MADV_DONTNEED);
	run(10);
	seen = page(0)->count[SVM_CPUID];
	run(1);
	result(a.counts && counted(21) && page(0)->lost,
	       "the VMM drops the pages (MADV_DONTNEED): %llu of 20 until it touches them, then "
	       "all; lost %llu",
	       seen, page(0)->lost);
	madvise(ram, 4096, MADV_DONTNEED);
	vm_load();
	run(10);
	result(counted(31), "... and its RAM: the counts are right");
	attach_end(&a, SIGTERM);
}

static bool scanned(void)
{
	static const char scans[] = "/sys/kernel/mm/ksm/full_scans";
	long until = number_in(scans, "") + 3;
	unsigned int tries;

	for (tries = 0; tries < 3000 && number_in(scans, "") < until; tries++)
		usleep(10000);
	return number_in(scans, "") >= until;
}

static void test_merged(void)
{
	static const char name[] = "KSM merges the VM's RAM: the counts are right";
	unsigned char *twin =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct attach a = attach_start();
	unsigned long done;
	long sharing;

	memcpy(twin, ram, 4096);
	if (madvise(ram, 4096, MADV_MERGEABLE) || madvise(twin, 4096, MADV_MERGEABLE) ||
	    madvise(memory, FILE_SIZE, MADV_MERGEABLE) ||
	    !say("/sys/kernel/mm/ksm/sleep_millisecs", "1") ||
	    !say("/sys/kernel/mm/ksm/run", "1")) {
		skip(name, "no KSM: %s", strerror(errno));
	} else {
		running_start();
		scanned();
		running_stop();
		done = running_done();
		sharing = number_in("/sys/kernel/mm/ksm/pages_sharing", "");
		result(sharing == 1 && counted(done),
		       "%s, %lu; it shares %ld page and none of ours", name, done, sharing);
		say("/sys/kernel/mm/ksm/run", "2");
	}
	attach_end(&a, SIGTERM);
	munmap(twin, 4096);
}

static void test_compacted(void)
{
	static const char moved[] = "pgmigrate_success ";
	struct attach a = attach_start();
	long before = number_in("/proc/vmstat", moved);
	unsigned long long lost;
	unsigned int round;
	bool good = true;

	running_start();
	for (round = 0; round < 20; round++) {
		running_wait(50);
		good &= say("/proc/sys/vm/compact_memory", "1");
	}
	running_wait(50);
	running_stop();
	lost = page(0)->lost;
	run(1);
	result(good && counted(running_done() + 1),
	       "memory compacted 20 times (%ld frames moved): the counts are right; lost %llu",
	       number_in("/proc/vmstat", moved) - before, lost);
	attach_end(&a, SIGTERM);
}

static bool present(const void *at)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bool good = pread(fd, &entry, 8, (off_t)((uintptr_t)at / 4096 * 8)) == 8;

	close(fd);
	return good && entry >> 63;
}

/* In a control group of its own, so that its memory alone is reclaimed. */
static void test_swapped(const char *group)
{
	static const char name[] = "the VMM's memory is swapped out: the pages stay where they are";
	unsigned char *other =
		mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char path[96];
	struct attach a;
	bool stay;

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	if (!say(path, "0")) {
		skip(name, "no control group %s: %s", group, strerror(errno));
		return;
	}
	memory_map_new();
	memset(other, 1, FILE_SIZE);
	a = attach_start();
	run(10);
	snprintf(path, sizeof(path), "%s/memory.reclaim", group);
	say(path, "64M");
	stay = present(memory);
	run(10);
	result(!present(other) && stay && counted(20) && !page(0)->lost,
	       "%s, and counts are right: %llu, lost %llu; other shared memory is %s", name,
	       page(0)->count[SVM_CPUID], page(0)->lost, present(other) ? "present" : "swapped");
	attach_end(&a, SIGTERM);
	munmap(other, FILE_SIZE);
}

/* Another process with its own VM, its own file and its own attach. */
static void other_vm(int go, int ready)
{
	struct attach a;
	bool good;
	char c = 'r';

	memory_file = "/tmp/exit-pages-other";
	vm_close();
	vm_make();
	memory_map_new();
	a = attach_start();
	good = write(ready, &c, 1) == 1 && read(go, &c, 1) == 1;
	run(5000);
	good &= a.counts && counted(5000);
	_exit(good && attach_end(&a, SIGTERM) == 0 ? 0 : 1);
}

static void test_two(void)
{
	int go[2], ready[2], status = -1;
	struct attach a = attach_start();
	bool both;
	pid_t pid;
	char c;

	if (pipe2(go, O_CLOEXEC) || pipe2(ready, O_CLOEXEC) || (pid = fork()) < 0)
		die("fork");
	if (!pid)
		other_vm(go[0], ready[1]);
	close(ready[1]);
	both = read(ready[0], &c, 1) == 1 && write(go[1], &c, 1) == 1;
	run(3000);
	waitpid(pid, &status, 0);
	result(both && counted(3000), "two VMs, each with its attach: this one's counts, %llu",
	       page(0)->count[SVM_CPUID]);
	result(status == 0, "... and the other one's");
	attach_end(&a, SIGTERM);
	close(go[0]);
	close(go[1]);
	close(ready[0]);
}

/* Its VM ends while attach counts; by a signal, or of its own accord. */
static void test_ended(int signal, const char *how)
{
	unsigned int tries;
	int ready[2], status;
	struct attach a;
	pid_t pid;
	char c;

	if (pipe2(ready, O_CLOEXEC) || (pid = fork()) < 0)
		die("fork");
	if (!pid) {
		close(ready[0]);
		vm_close();
		vm_make();
		memory_map();
		if (write(ready[1], "r", 1) == 1)
			raise(SIGSTOP);
		run(10);
		_exit(signal ? pause() : 0);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		die("read");
	waitpid(pid, &status, WUNTRACED);
	a = attach_fork(pid, NULL);
	attach_listen(&a);
	kill(pid, SIGCONT);
	for (tries = 0; tries < 10000 && page(0)->count[SVM_IOIO] < 10 && a.counts; tries++)
		usleep(1000);
	if (signal)
		kill(pid, signal);
	waitpid(pid, &status, 0);
	status = attach_end(&a, 0);
	result(a.counts && status == 0 && strstr(a.said, "the VM has ended") && a.lines == 1,
	       "the VM ends %s: attach ends with status %d and says: %s", how, status, a.said);
	result(counted(10) && !(page(0)->flags & PAGE_LIVE), "... and the pages say so");
	close(ready[0]);
}

static void test_truncated(void)
{
	struct attach a = attach_start();
	int status;

	run(10);
	if (truncate(memory_file, 0))
		die(memory_file);
	run(1000);
	status = attach_end(&a, SIGTERM);
	result(a.counts && status == 3 && a.lines == 1,
	       "the file is truncated: attach ends with status %d and says: %s", status, a.said);
	a = attach_start();
	status = attach_end(&a, 0);
	result(!a.counts && status == 3 && a.lines == 1, "... and does not begin: %d, %s", status,
	       a.said);
	if (truncate(memory_file, FILE_SIZE))
		die(memory_file);
	result(filled(memory, FILE_SIZE, 0), "... and when it grows again, it is all zero");
	a = attach_start();
	run(5);
	result(a.counts && counted(5), "... and can be counted into");
	attach_end(&a, SIGTERM);
}

int main(int argc, char **argv)
{
	unlink(memory_file);
	vm_make();
	memory_map();
	test_dropped();
	test_merged();
	test_compacted();
	test_two();
	test_ended(0, "of its own accord");
	test_ended(SIGKILL, "by SIGKILL");
	test_truncated();
	test_swapped(argc > 1 ? argv[1] : "/sys/fs/cgroup/vm");
	return results_end();
}
