// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "kit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned int tests, failed;

void result(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %u - ", good ? "" : "not ", ++tests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	failed += !good;
}

void skip(const char *name, const char *format, ...)
{
	va_list args;

	printf("ok %u - %s # SKIP ", ++tests, name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

int results_end(void)
{
	printf("1..%u\n", tests);
	return failed ? 1 : 0;
}

void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(3);
}

/* xor eax, eax; cpuid; out 0x80, al; jmp to the beginning */
static const unsigned char code[] = { 0x66, 0x31, 0xc0, 0x0f, 0xa2, 0xe6, 0x80, 0xeb, 0xf7 };

int vm, vcpu;
void *ram;

int vcpu_make(unsigned int id)
{
	struct kvm_regs regs = { .rflags = 2 };
	int fd = ioctl(vm, KVM_CREATE_VCPU, id);
	struct kvm_sregs sregs;

	if (fd < 0 || ioctl(fd, KVM_GET_SREGS, &sregs))
		die("vCPU");
	sregs.cs.base = sregs.cs.selector = 0;
	if (ioctl(fd, KVM_SET_SREGS, &sregs) || ioctl(fd, KVM_SET_REGS, &regs))
		die("registers");
	return fd;
}

void vm_load(void)
{
	memcpy(ram, code, sizeof(code));
}

void vm_make(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	struct kvm_userspace_memory_region region = { .memory_size = 4096 };

	ram = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (kvm < 0 || vm < 0)
		die("/dev/kvm");
	vm_load();
	region.userspace_addr = (uintptr_t)ram;
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		die("memory");
	vcpu = vcpu_make(0);
	close(kvm);
}

void vm_close(void)
{
	close(vcpu);
	close(vm);
}

void run_on(int which, unsigned int n)
{
	while (n--)
		if (ioctl(which, KVM_RUN, 0))
			die("KVM_RUN");
}

void run(unsigned int n)
{
	run_on(vcpu, n);
}

static pthread_t thread;
static unsigned long done;
static bool stop;

static void *keep_running(void *unused)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		run(1);
		__atomic_fetch_add(&done, 1, __ATOMIC_SEQ_CST);
	}
	return unused;
}

void running_start(void)
{
	stop = false;
	done = 0;
	if (pthread_create(&thread, NULL, keep_running, NULL))
		die("thread");
}

unsigned long running_done(void)
{
	return __atomic_load_n(&done, __ATOMIC_SEQ_CST);
}

void running_wait(unsigned long n)
{
	unsigned long until = running_done() + n;

	while (running_done() < until)
		sched_yield();
}

void running_stop(void)
{
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

unsigned char *memory;
const char *memory_file = FILE_NAME;

void memory_map(void)
{
	int fd = open(memory_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, FILE_SIZE))
		die(memory_file);
	memory = mmap(memory, FILE_SIZE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | (memory ? MAP_FIXED : 0), fd, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	close(fd);
}

void memory_map_new(void)
{
	unlink(memory_file);
	memory_map();
}

volatile struct exit_page *page(unsigned int i)
{
	return (void *)(memory + i * PAGE_STRIDE);
}

struct attach attach_fork(pid_t target, void (*before)(void))
{
	struct attach a = { 0 };
	char pid[16];
	int to[2];

	snprintf(pid, sizeof(pid), "%d", target);
	if (pipe2(to, O_CLOEXEC))
		die("pipe");
	a.from = to[0];
	fflush(stdout);
	a.pid = fork();
	if (a.pid < 0)
		die("fork");
	if (!a.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(to[1], 2);
		if (before)
			before();
		execl("/bin/suite-attach", "suite-attach", pid, NULL);
		_exit(127);
	}
	close(to[1]);
	return a;
}

/* Some more of what it says; false at the end. */
static bool hear(struct attach *a)
{
	size_t n = strlen(a->said);
	ssize_t got = read(a->from, a->said + n, sizeof(a->said) - 1 - n);

	if (got <= 0)
		return false;
	a->said[n + (size_t)got] = '\0';
	return true;
}

void attach_listen(struct attach *a)
{
	while (!a->counts && hear(a))
		a->counts = strstr(a->said, "counting exits") && strchr(a->said, '\n');
	if (a->counts)
		a->said[strcspn(a->said, "\n")] = '\0';
}

struct attach attach_start(void)
{
	struct attach a = attach_fork(getpid(), NULL);

	attach_listen(&a);
	return a;
}

int attach_end(struct attach *a, int signal)
{
	char *at = a->said;
	int status = 0;

	if (signal)
		kill(a->pid, signal);
	if (a->counts)
		a->said[0] = '\0';
	while (hear(a))
		;
	close(a->from);
	waitpid(a->pid, &status, 0);
	for (a->lines = 0; (at = strchr(at, '\n')); a->lines++)
		*at = at[1] ? '|' : '\0'; /* a line of TAP */
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool filled(const unsigned char *at, size_t size, unsigned char with)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (at[i] != with)
			return false;
	return true;
}

unsigned int descriptors(void)
{
	char path[64];
	unsigned int fd, n = 0;
	struct stat s;

	for (fd = 0; fd < 256; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%u", fd);
		n += !lstat(path, &s);
	}
	return n;
}
