// SPDX-License-Identifier: MIT
// First touch of transparent huge pages: one fault of the guest for 2 MiB.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>

#include "expect.h"
#include "kit/memory.h"
#include "workload.h"

#define HUGE (512 * PAGE)
#define MAX_OPS 8

struct huge {
	char *place, *memory;
	size_t size;
	uint64_t before; /* huge pages that faults have allocated since the kernel started */
};

/* A line "name value" of /proc/vmstat; 0 without it. */
static uint64_t allocated(void)
{
	unsigned long long value, found = 0;
	FILE *f = fopen("/proc/vmstat", "re");
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "thp_fault_alloc %llu", &value) == 1)
			found = value;
	if (f)
		fclose(f);
	return found;
}

static const char *supported(struct bench *b)
{
	FILE *f = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");
	struct sysinfo memory;
	char line[64] = "";
	bool on;

	(void)b;
	if (!f)
		return "this kernel has no transparent huge pages";
	on = fgets(line, sizeof(line), f) && !strstr(line, "[never]");
	fclose(f);
	if (!on)
		return "transparent huge pages are off: write 'madvise' to "
		       "/sys/kernel/mm/transparent_hugepage/enabled";
	if (sysinfo(&memory) || memory.freeram * memory.mem_unit < 2 * MAX_OPS * HUGE)
		return "less than 32 MiB of memory is free";
	return NULL;
}

static int setup(struct bench *b)
{
	struct huge *h = calloc(1, sizeof(*h));
	uint64_t i;

	if (!h)
		return -ENOMEM;
	b->state = h;
	h->size = (b->ops + 1) * HUGE;
	h->place = mmap(NULL, h->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (h->place == MAP_FAILED)
		return -errno;
	h->memory = (char *)(((uintptr_t)h->place + HUGE - 1) & ~(HUGE - 1));
	if (madvise(h->memory, b->ops * HUGE, MADV_HUGEPAGE))
		return -errno;
	/* Warm: the same memory returns, and the page tables stay. */
	for (i = 0; i < b->ops; i++)
		h->memory[i * HUGE] = 1;
	if (workload_unshadow(h->memory) || madvise(h->memory, b->ops * HUGE, MADV_DONTNEED))
		return -errno;
	h->before = allocated();
	return 0;
}

static int touch(struct bench *b, uint64_t n)
{
	volatile char *memory = ((struct huge *)b->state)->memory;

	for (; b->done < n; b->done++)
		memory[b->done * HUGE] = 1;
	return 0;
}

/* If no huge page is available the kernel maps a small one: as many faults, but of another kind. */
static int verify(const struct bench *b, uint64_t n)
{
	struct huge *h = b->state;
	uint64_t huge = allocated() - h->before;

	return b->done == n && b->usage.minor_faults >= n && huge >= n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct huge *h = b->state;

	if (h && h->place && h->place != MAP_FAILED)
		munmap(h->place, h->size);
	free(h);
}

#define SOURCE                                                                                    \
	"paging_tmpl.h: one #PF reflected, one filled; mmu.c kvm_mmu_pte_write: the entry is in " \
	"a table above the leaves, which KVM keeps write-protected: one to emulate the write "    \
	"(huge_memory.c __do_huge_pmd_anonymous_page). Measured 3n for n pages, 2026-11-22, and " \
	"24 or 25 for 8, 2026-11-26"

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 1),
	  .source = "warm: the host has the memory already" },
	{ SHADOW, PAGE_FAULT, BETWEEN(2.95, 3.1), SVM, .source = SOURCE },
	{ SHADOW, EXCEPTION, BETWEEN(2.95, 3.1), VMX, .source = SOURCE },
	{ .source = NULL },
};

WORKLOAD(pagefault_thp) = {
	.name = "pagefault.thp",
	.summary = "first touch of transparent 2 MiB huge pages",
	.op = "2 MiB",
	.control = "pagefault.anon",
	.kernel_entries = 1,
	.max_ops = MAX_OPS,
	.supported = supported,
	.setup = setup,
	.run = touch,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
