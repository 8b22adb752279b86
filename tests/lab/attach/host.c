// SPDX-License-Identifier: MIT
/*
 * A VMM of a few lines whose vCPU does a known number of exits, and suite-attach next to it: what
 * is in the pages, what is never written to, and what happens when attach dies. Prints TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "page.h"

#define FILE_NAME "/tmp/exit-pages-test"
#define FILE_SIZE (4 * PAGE_STRIDE)
#define SVM_CPUID 0x72
#define SVM_IOIO 0x7b
#define CANARY 0xc5

static unsigned int tests, failed;

__attribute__((format(printf, 2, 3))) static void result(bool good, const char *format, ...)
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

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(3);
}

/* xor eax, eax; cpuid; out 0x80, al; jmp to the beginning */
static const unsigned char code[] = { 0x66, 0x31, 0xc0, 0x0f, 0xa2, 0xe6, 0x80, 0xeb, 0xf7 };

static int vcpu;

static void vm_make(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), vm;
	struct kvm_userspace_memory_region region = { .memory_size = 4096 };
	struct kvm_sregs sregs;
	struct kvm_regs regs = { .rflags = 2 };
	void *ram = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (kvm < 0 || vm < 0)
		die("/dev/kvm");
	memcpy(ram, code, sizeof(code));
	region.userspace_addr = (uintptr_t)ram;
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		die("memory");
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	if (vcpu < 0 || ioctl(vcpu, KVM_GET_SREGS, &sregs))
		die("vCPU");
	sregs.cs.base = sregs.cs.selector = 0;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs) || ioctl(vcpu, KVM_SET_REGS, &regs))
		die("registers");
}

/* n times one CPUID and one OUT, which is an exit to us. */
static void run(unsigned int n)
{
	while (n--)
		if (ioctl(vcpu, KVM_RUN, 0))
			die("KVM_RUN");
}

static unsigned char *memory;

static void memory_map(void)
{
	int fd = open(FILE_NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, FILE_SIZE))
		die(FILE_NAME);
	memory = mmap(memory, FILE_SIZE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | (memory ? MAP_FIXED : 0), fd, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	close(fd);
}

static volatile struct exit_page *page(unsigned int i)
{
	return (void *)(memory + i * PAGE_STRIDE);
}

/* suite-attach for this process; what it says on stderr until it counts, or ends. */
struct attach {
	pid_t pid;
	char said[512];
	bool counts;
};

static struct attach attach_start(void)
{
	struct attach a = { 0 };
	char pid[16];
	size_t n = 0;
	ssize_t got;
	int to[2];

	snprintf(pid, sizeof(pid), "%d", getpid());
	if (pipe(to))
		die("pipe");
	a.pid = fork();
	if (a.pid < 0)
		die("fork");
	if (!a.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(to[1], 2);
		close(to[0]);
		close(to[1]);
		execlp("suite-attach", "suite-attach", pid, NULL);
		_exit(127);
	}
	close(to[1]);
	while (n < sizeof(a.said) - 1 && !a.counts) {
		got = read(to[0], a.said + n, sizeof(a.said) - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
		a.counts = strstr(a.said, "counting exits") && strchr(a.said, '\n');
	}
	close(to[0]); /* it has nothing more to say that we wait for */
	a.said[strcspn(a.said, "\n")] = 0;
	return a;
}

/* Its exit status, or minus the signal that ended it. */
static int attach_end(struct attach *a, int signal)
{
	int status = 0;

	if (signal)
		kill(a->pid, signal);
	waitpid(a->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_exact(void)
{
	struct attach a = attach_start();
	unsigned int before = 0, i, other = 0;

	result(a.counts && strstr(a.said, "tp_btf"), "it counts: %s", a.said);
	result(page(0)->magic == PAGE_MAGIC && page(0)->flags == PAGE_LIVE && page(0)->instance &&
		       page(3)->vcpu == 3 && page(0)->pages == 4,
	       "the pages are valid before the first exit");
	before = page(0)->instance;
	run(100000);
	result(page(0)->count[SVM_CPUID] == 100000 && page(0)->count[SVM_IOIO] == 100000,
	       "100000 times CPUID and OUT are counted: %llu and %llu", page(0)->count[SVM_CPUID],
	       page(0)->count[SVM_IOIO]);
	for (i = 0; i < 3 * PAGE_SLOTS; i++)
		other += page(1 + i / PAGE_SLOTS)->count[i % PAGE_SLOTS] != 0;
	result(!other && !page(0)->lost, "the pages of the vCPUs that do not exist have nothing");
	result(attach_end(&a, SIGINT) == 0 && page(0)->flags == 0,
	       "a signal ends it, and the guest can see that");
	run(10);
	result(page(0)->count[SVM_CPUID] == 100000, "nothing counts then");

	a = attach_start();
	run(7);
	result(a.counts && page(0)->instance != before && page(0)->count[SVM_CPUID] == 7,
	       "another start is another instance, from zero");
	attach_end(&a, SIGTERM);
}

static void test_killed(void)
{
	unsigned int round, wrong = 0, counted;
	struct attach a;

	for (round = 0; round < 20; round++) {
		a = attach_start();
		run(50 * round);
		wrong += !a.counts || page(0)->count[SVM_CPUID] != 50 * round;
		/* While exits happen, at some moment of theirs. */
		kill(a.pid, SIGKILL);
		run(200);
		attach_end(&a, 0);
		counted = (unsigned int)page(0)->count[SVM_CPUID];
		wrong += counted < 50 * round || counted > 50 * round + 200;
		run(20);
		wrong += page(0)->count[SVM_CPUID] != counted;
	}
	result(!wrong, "killed 20 times: counts are right, and stand still when nobody counts");
}

static void test_second(void)
{
	struct attach a = attach_start(), b = attach_start();

	result(!b.counts && attach_end(&b, 0) == 3 && strstr(b.said, "another attach"),
	       "a second one is refused: %s", b.said);
	run(5);
	result(page(0)->count[SVM_CPUID] == 5, "... and the first counts on");
	attach_end(&a, SIGTERM);
}

static bool intact(const unsigned char *at)
{
	size_t i;

	for (i = 0; i < FILE_SIZE; i++)
		if (at[i] != CANARY)
			return false;
	return true;
}

enum way { MUNMAP, OVER, MOVED };

/* What the VMM maps there afterwards is never written to. */
static void test_unmapped(enum way way, const char *text)
{
	struct attach a = attach_start();
	unsigned char *old = memory, *away = NULL;
	bool counted;

	run(10);
	counted = a.counts && page(0)->count[SVM_CPUID] == 10;
	if (way == MUNMAP)
		munmap(memory, FILE_SIZE);
	if (way == MOVED) {
		away = mmap(NULL, FILE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (mremap(memory, FILE_SIZE, FILE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, away) !=
		    away)
			die("mremap");
	}
	if (mmap(old, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) != old)
		die("mmap");
	memset(old, CANARY, FILE_SIZE);
	run(10000);
	result(counted, "%s: counted before: %s", text, a.said);
	result(intact(old), "%s: 10000 exits later nothing is written there", text);
	attach_end(&a, SIGTERM);
	result(intact(old), "... nor when it ends");
	if (way == MOVED)
		munmap(away, FILE_SIZE);
	memory_map();
}

/* A file that is somebody's: RAM of a VM, say. */
static void test_not_ours(void)
{
	struct attach a;

	memset(memory, CANARY, FILE_SIZE);
	a = attach_start();
	result(!a.counts && attach_end(&a, 0) == 3 && strstr(a.said, "not ours"),
	       "a file with other data is refused: %s", a.said);
	run(100);
	result(intact(memory), "... and keeps them");
	memset(memory, 0, FILE_SIZE);
}

static unsigned int descriptors(void)
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

int main(void)
{
	unsigned int before;

	vm_make();
	memory_map();
	before = descriptors();
	test_exact();
	test_killed();
	test_second();
	test_unmapped(MUNMAP, "unmapped");
	test_unmapped(OVER, "mapped over");
	test_unmapped(MOVED, "moved away");
	test_not_ours();
	result(descriptors() == before, "this VMM has no descriptor more than before");
	printf("1..%u\n", tests);
	return failed ? 1 : 0;
}
