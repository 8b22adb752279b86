// SPDX-License-Identifier: MIT
/* Helpers for workloads that need a second process. */
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/child.h"
#include "kit/memory.h"
#include "workload.h"

extern char end[]; /* end of the program's static data: end(3) */

#define STACK_USED (128ul << 10) /* more than the program ever needs; the rest is unmapped */

int workload_child(struct bench *b, int (*body)(struct bench *b))
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return -errno;
	if (pid)
		return pid;
	/* The affinity is inherited. An interrupted parent kills its children itself, in an orderly
	 * way. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	_exit(body(b) ? 1 : 0);
}

void workload_reap(int pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/*
 * The heap of a static program begins with the block that its thread pointer points to (glibc:
 * csu/libc-tls.c); a child needs that, and struct pthread after it is smaller than a page. In a
 * dynamic program, as tests are, that block is elsewhere and the heap is left alone. Neither call
 * can fail in a way that matters: a fork would copy a few more pages.
 */
void workload_trim_for_fork(bool on)
{
	uintptr_t thread = (uintptr_t)__builtin_thread_pointer(), top = (uintptr_t)sbrk(0);
	uintptr_t begin = (thread + 2 * PAGE - 1) & -PAGE;
	uintptr_t stack = (uintptr_t)__builtin_frame_address(0) & -PAGE;

	if (thread >= (uintptr_t)end && begin < top)
		madvise((void *)begin, top - begin, on ? MADV_DONTFORK : MADV_DOFORK);
	/* Stack below this frame is left over from calls that have returned. */
	if (on)
		madvise((void *)(stack - STACK_USED), STACK_USED - PAGE, MADV_DONTNEED);
}
