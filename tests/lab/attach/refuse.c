// SPDX-License-Identifier: MIT
/*
 * Where suite-attach cannot count, it says why in one line and writes nothing. Prints TAP.
 *
 *   attach-refuse                 all that needs no other system
 *   attach-refuse line TEXT FILE  it refuses, and the line has this text
 *   attach-refuse way WAY         it counts, in this way
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit.h"

static void refuses(const char *name, void (*before)(void), const char *text)
{
	struct attach a = attach_fork(getpid(), before);
	int status;

	attach_listen(&a);
	run(100);
	status = attach_end(&a, a.counts ? SIGTERM : 0);
	result(!a.counts && status == 3 && a.lines == 1 && strstr(a.said, text),
	       "%s: status %d, %u line: %s", name, status, a.lines, a.said);
	result(filled(memory, FILE_SIZE, 0), "... and the pages have nothing");
}

static void counts(const char *way)
{
	struct attach a = attach_start();

	run(1000);
	result(a.counts && strstr(a.said, way) && page(0)->count[SVM_CPUID] == 1000 &&
		       page(0)->count[SVM_IOIO] == 1000,
	       "%llu of 1000 are counted: %s", page(0)->count[SVM_CPUID], a.said);
	attach_end(&a, SIGTERM);
	/* The guard needs the kernel's types no more than the counts do. */
	a = attach_start();
	run(1);
	if (mmap(memory, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) != memory)
		die("mmap");
	memset(memory, CANARY, FILE_SIZE);
	run(1000);
	result(filled(memory, FILE_SIZE, CANARY),
	       "... and nothing is written once that is unmapped");
	attach_end(&a, SIGTERM);
	memory_map_new();
}

static void become_user(void)
{
	if (setresuid(1000, 1000, 1000))
		_exit(126);
}

/* A kernel without bpf(): it does not know the number. */
static void without_bpf(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(126);
}

/* Another user reads neither the file nor this process' memory. */
static void test_other_user(void)
{
	char path[64];
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		snprintf(path, sizeof(path), "/proc/%d/mem", getppid());
		become_user();
		_exit(open(memory_file, O_RDONLY) >= 0 || errno != EACCES ||
		      open(path, O_RDONLY) >= 0);
	}
	waitpid(pid, &status, 0);
	result(status == 0, "another user reads no page file of mode 0600, nor the VMM");
}

/* In a process namespace, with this process' number there: the kernel counts by its own number. */
static void same_number(pid_t number, int counting, int over)
{
	struct attach a;
	char text[16];
	int fd;

	if (mount("none", "/proc", "proc", 0, NULL))
		_exit(2);
	fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	snprintf(text, sizeof(text), "%d", number - 1);
	if (write(fd, text, strlen(text)) < 0)
		_exit(2);
	close(fd);
	if (!fork()) {
		vm_close();
		vm_make();
		memory_map_new();
		a = attach_start();
		if (getpid() != number || write(counting, a.counts ? "y" : "n", 1) != 1 ||
		    read(over, text, 1) < 0)
			_exit(2);
		fd = attach_end(&a, a.counts ? SIGTERM : 0);
		printf("# in the namespace: status %d: %s\n", fd, a.said);
		fflush(stdout);
		_exit(fd == 3 && a.lines == 1 && strstr(a.said, "namespace") ? 0 : 1);
	}
	wait(&fd);
	_exit(WEXITSTATUS(fd));
}

static void test_namespace(void)
{
	int counting[2], over[2], status = -1;
	const pid_t here = getpid();
	char c = 0;
	pid_t pid;

	if (mmap(memory, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) != memory ||
	    pipe2(counting, O_CLOEXEC) || pipe2(over, O_CLOEXEC))
		die("mmap");
	memset(memory, CANARY, FILE_SIZE);
	pid = fork();
	if (!pid) {
		close(over[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWPID | CLONE_NEWNS) ||
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
			_exit(2);
		pid = fork();
		if (!pid)
			same_number(here, counting[1], over[0]);
		waitpid(pid, &status, 0);
		_exit(WEXITSTATUS(status));
	}
	close(counting[1]);
	status = read(counting[0], &c, 1) == 1;
	memset(memory, CANARY, FILE_SIZE); /* writable again, after the fork */
	run(1000);
	result(status && filled(memory, FILE_SIZE, CANARY),
	       "from a process namespace, where a VM has this one's number: nothing is written");
	close(over[1]);
	waitpid(pid, &status, 0);
	result(status == 0, "... it refuses: status %d", WEXITSTATUS(status));
	close(counting[0]);
	close(over[0]);
	memory_map_new();
}

int main(int argc, char **argv)
{
	if (argc > 3)
		memory_file = argv[3];
	unlink(memory_file);
	vm_make();
	memory_map();
	if (argc > 2 && !strcmp(argv[1], "line")) {
		refuses(argv[2], NULL, argv[2]);
	} else if (argc > 2 && !strcmp(argv[1], "way")) {
		counts(argv[2]);
	} else {
		refuses("a user without rights", become_user, "no VM");
		refuses("a kernel without bpf()", without_bpf, "BPF");
		test_other_user();
		test_namespace();
	}
	return results_end();
}
