// SPDX-License-Identifier: MIT
// First touch of huge pages that the administrator has set aside (hugetlbfs).
#include <linux/mman.h>
#include <stdio.h>
#include <sys/mman.h>

#include "expect.h"
#include "kit/memory.h"
#include "kit/verify.h"
#include "workload.h"

#define HUGE (512 * PAGE)
#define TABLE (512 * HUGE)
#define MAX_OPS 8

static unsigned int free_pages(void)
{
	FILE *f = fopen("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "re");
	unsigned int pages = 0;

	if (f && fscanf(f, "%u", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return pages;
}

static const char *supported(struct bench *b)
{
	(void)b;
	return free_pages() >= MAX_OPS
		       ? NULL
		       : "fewer than 8 free 2 MiB huge pages: write 8 to /proc/sys/vm/nr_hugepages";
}

static int setup(struct bench *b)
{
	/* No other page may share the table of the huge pages' entries, so that every sample has to
	 * allocate it alike. */
	char *memory = mmap(workload_find_gap(TABLE, TABLE), b->ops * HUGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2MB, -1, 0);
	uint64_t i;

	if (memory == MAP_FAILED)
		return -errno;
	b->state = memory;
	/* Warm: the same memory returns, and the page tables stay. */
	for (i = 0; i < b->ops; i++)
		memory[i * HUGE] = 1;
	return workload_unshadow(memory) || madvise(memory, b->ops * HUGE, MADV_DONTNEED) ? -errno
											  : 0;
}

static int touch(struct bench *b, uint64_t n)
{
	volatile char *memory = b->state;

	for (; b->done < n; b->done++)
		memory[b->done * HUGE] = 1;
	return 0;
}

static void teardown(struct bench *b)
{
	if (b->state)
		munmap(b->state, b->ops * HUGE);
}

#define SOURCE                                                                                     \
	"as pagefault.thp, but hugetlb.c hugetlb_no_page writes the entry twice: read-only, then " \
	"hugetlb_wp() makes it writable. Measured 4n for n pages, 2026-11-22"

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 1),
	  .source = "warm: the host has the memory already" },
	{ SHADOW, PAGE_FAULT, BETWEEN(3.95, 4.05), SVM, .source = SOURCE },
	{ SHADOW, EXCEPTION, BETWEEN(3.95, 4.05), VMX, .source = SOURCE },
	{ .source = NULL },
};

WORKLOAD(pagefault_hugetlb) = {
	.name = "pagefault.hugetlb",
	.summary = "first touch of reserved 2 MiB huge pages",
	.op = "2 MiB",
	.control = "pagefault.anon",
	.kernel_entries = 1,
	.max_ops = MAX_OPS,
	.alone = "the reserved huge pages suffice for one process",
	.supported = supported,
	.setup = setup,
	.run = touch,
	.verify = workload_verify_faults,
	.teardown = teardown,
	.expect = expected,
};
