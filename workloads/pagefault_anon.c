// SPDX-License-Identifier: MIT
// Touch anonymous pages that are not mapped, in memory that the host has already given to the
// guest. Nested paging: the guest's fault is its own affair. Shadow paging: the fault exits to be
// reflected, then the access exits again to fill the shadow page table.
#include <sys/mman.h>

#include "workload.h"

#define PAGE 4096

static int setup(struct run *r)
{
	size_t size = r->ops * PAGE, i;
	char *memory;

	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return -errno;
	r->state = memory;
	madvise(memory, size,
		MADV_NOHUGEPAGE); /* -EINVAL on a kernel without huge pages: then there are none */
	/* Warm: the same pages come back from the free lists, with their host pages; page tables
	 * stay. */
	for (i = 0; i < size; i += PAGE)
		memory[i] = 1;
	return madvise(memory, size, MADV_DONTNEED) ? -errno : 0;
}

static int touch(struct run *r, uint64_t n)
{
	volatile char *memory = r->state;
	uint64_t i;

	for (i = 0; i < n; i++)
		memory[i * PAGE] = 1;
	return 0;
}

static int verify(const struct run *r, uint64_t n)
{
	/* A few more are the harness's own; fewer is work that was not done. */
	return r->usage.minor_faults >= n && r->usage.minor_faults <= n + 16 ? 0 : -ERANGE;
}

static void teardown(struct run *r)
{
	if (r->state)
		munmap(r->state, r->ops * PAGE);
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 0.05),
	  .source = "warm: the host has the page already" },
	{ NESTED, PAGE_FAULT, BETWEEN(0, 0.001),
	  .source = "#PF is not intercepted: svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(1.98, 2.02), SVM,
	  .source = "paging_tmpl.h: one #PF reflected by walk_addr, one filled by fetch; 1/512 for "
		    "each new leaf "
		    "table. Measured 2.003" },
	{ SHADOW, EXCEPTION, BETWEEN(1.98, 2.05), VMX,
	  .source = "paging_tmpl.h: one #PF reflected by walk_addr, one filled by fetch; 1/512 for "
		    "each new leaf "
		    "table. Measured 2.018" },
	{ .source = NULL },
};

WORKLOAD(pagefault_anon) = {
	.name = "pagefault.anon",
	.summary = "first touch of anonymous 4 KiB pages, host memory warm",
	.op = "page",
	.crossings = 1,
	.max_ops = 32768,
	.setup = setup,
	.run = touch,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
