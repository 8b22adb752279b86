// SPDX-License-Identifier: MIT
/*
 * The other ways to count, next to the VMM of kit.h: with times, and copied where the kernel is
 * locked down. Prints TAP. `ways times`, or `ways copied`, which is for a kernel that is; or `ways
 * idle`, a VM that does nothing.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"

#define MILLISECOND 1000000ull

static const char *option;

static void with_option(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getppid());
	execl("/bin/suite-attach", "suite-attach", pid, option, NULL);
	_exit(127);
}

static struct attach attach_with(const char *with)
{
	struct attach a;

	option = with;
	a = attach_fork(getpid(), with_option);
	attach_listen(&a);
	return a;
}

static void test_times(void)
{
	const struct timespec pause = { .tv_nsec = MILLISECOND };
	struct attach a = attach_with("--time");
	volatile struct exit_page *p = page(0);
	unsigned int i, other = 0;
	unsigned long long slept;

	result(a.counts && p->flags == (PAGE_LIVE | PAGE_TIMED) && p->tsc_khz > 1000,
	       "--time: it counts: %s, TSC of %u kHz", a.said, p->tsc_khz);
	for (i = 0; i < 100; i++) {
		run(1);
		nanosleep(&pause, NULL);
	}
	run(1);
	slept = 100 * MILLISECOND;
	printf("# CPUID: wall %llu us, busy %llu us; OUT: wall %llu us, busy %llu us\n",
	       p->time[SVM_CPUID].wall / 1000, p->time[SVM_CPUID].busy / 1000,
	       p->time[SVM_IOIO].wall / 1000, p->time[SVM_IOIO].busy / 1000);
	result(p->count[SVM_CPUID] == 101 && p->count[SVM_IOIO] == 101,
	       "... as many as without it: %llu and %llu", p->count[SVM_CPUID], p->count[SVM_IOIO]);
	/* Each but the last OUT has been followed by an entry. */
	result(p->time[SVM_IOIO].wall >= slept,
	       "the VMM's 100 ms between OUT and the next entry are in its wall");
	result(p->time[SVM_IOIO].busy && p->time[SVM_IOIO].busy <= p->time[SVM_IOIO].wall - slept,
	       "... and not in its busy");
	result(p->time[SVM_CPUID].busy && p->time[SVM_CPUID].busy <= p->time[SVM_CPUID].wall,
	       "a CPUID is busy, for its wall at most");
	for (i = 0; i < PAGE_SLOTS; i++)
		other += !p->count[i] && (p->time[i].wall || p->time[i].busy);
	result(!other, "no time without an exit");
	result(attach_end(&a, SIGTERM) == 0, "it ends");
}

/* Until the copier has begun a pass and ended it: docs/page.md. */
static void settle(void)
{
	const unsigned long long begin = page(0)->pass;

	while (page(0)->pass < begin + 2 || page(0)->pass & 1)
		;
}

static void test_copied(void)
{
	struct attach a = attach_start();
	unsigned int i, late = 0, wrong = 0;

	result(!a.counts && attach_end(&a, 0) == 3 && strstr(a.said, "--copy"),
	       "no program may write: %s", a.said);
	a = attach_with("--copy");
	result(a.counts && page(0)->flags == (PAGE_LIVE | PAGE_COPIED) && page(0)->copy_us,
	       "--copy counts: %s", a.said);
	if (!a.counts)
		return;
	for (i = 1; i <= 200; i++) {
		run(50);
		late += page(0)->count[SVM_CPUID] != 50 * i;
		settle();
		wrong += page(0)->count[SVM_CPUID] != 50 * i;
	}
	printf("# %u of 200 readings were late, and right after the next pass\n", late);
	result(!wrong && page(0)->count[SVM_IOIO] == 10000,
	       "after a whole pass, 200 times, each count is exact");
	result(attach_end(&a, SIGKILL) == -SIGKILL, "killed");
	run(10);
	result(page(0)->count[SVM_CPUID] == 10000, "... nothing is copied then");
}

int main(int argc, char **argv)
{
	vm_make();
	if (argc == 2 && !strcmp(argv[1], "idle"))
		return pause();
	memory_map();
	if (argc == 2 && !strcmp(argv[1], "copied"))
		test_copied();
	else
		test_times();
	return results_end();
}
