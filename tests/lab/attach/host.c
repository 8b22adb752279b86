// SPDX-License-Identifier: MIT
/*
 * A VMM of a few lines whose vCPU does a known number of exits, and suite-attach next to it: what
 * is in the pages, what is never written to, and what happens when attach dies. Prints TAP.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kit.h"

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
	return filled(at, FILE_SIZE, CANARY);
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
	return results_end();
}
