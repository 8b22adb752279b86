// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "page.h"

#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIN "/sys/fs/bpf/exit-pages-vmm"
#define SIZE 8192       /* docs/page.md: of one vCPU's page */
#define COUNTS 128      /* where its counts begin */
#define ADDRESS 0x4000u /* in the guest's memory */

static pid_t attach = -1;
static char said[512];

/* Until it says that it counts, or ends. */
static int listen_to(int fd)
{
	size_t n = 0;
	ssize_t got;

	while (n < sizeof(said) - 1 && !memchr(said, '\n', n)) {
		got = read(fd, said + n, sizeof(said) - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	said[n] = '\0';
	said[strcspn(said, "\n")] = '\0';
	return strstr(said, "counting exits") ? 0 : -1;
}

static int start(void)
{
	char pid[16];
	int to[2], ret;

	snprintf(pid, sizeof(pid), "%d", getpid());
	need(pipe(to), "pipe");
	attach = fork();
	need(attach, "fork");
	if (!attach) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(to[1], STDERR_FILENO);
		execlp("suite-attach", "suite-attach", pid, "--pin", PIN, NULL);
		_exit(127);
	}
	close(to[1]);
	strcpy(said, "suite-attach is not in PATH");
	ret = listen_to(to[0]);
	close(to[0]);
	return ret;
}

static void *map_counts(void)
{
	union bpf_attr attr;
	void *counts;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uintptr_t)PIN;
	fd = (int)syscall(SYS_bpf, BPF_OBJ_GET, &attr, sizeof(attr));
	need(fd, "BPF_OBJ_GET of " PIN);
	counts = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	need(counts == MAP_FAILED ? -1 : 0, "mmap of the counts");
	close(fd);
	return counts;
}

const char *page_show(struct vm *vm)
{
	struct kvm_userspace_memory_region region = {
		.slot = 1,
		.flags = KVM_MEM_READONLY,
		.guest_phys_addr = ADDRESS,
		.memory_size = SIZE,
	};

	if (start()) {
		page_end();
		return said;
	}
	region.userspace_addr = (uintptr_t)map_counts();
	need(ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region), "memory of the counts");
	return NULL;
}

uint32_t page_count(struct vm *vm, uint32_t slot)
{
	const uint16_t at = (uint16_t)(ADDRESS + COUNTS + 8 * slot);
	/* mov at, %eax; hlt */
	const uint8_t code[] = { 0x66, 0xa1, (uint8_t)at, (uint8_t)(at >> 8), 0xf4 };

	return run_code(vm, code, sizeof(code)).a;
}

void page_end(void)
{
	if (attach < 0)
		return;
	kill(attach, SIGTERM);
	waitpid(attach, NULL, 0);
	attach = -1;
}
