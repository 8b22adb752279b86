// SPDX-License-Identifier: MIT
// Give one page back and touch it again, as allocators do: a flush, and a page fault on an entry
// whose page table stays.
#include <sys/mman.h>

#include "expect.h"
#include "kit/memory.h"
#include "kit/verify.h"
#include "workload.h"

static int setup(struct bench *b)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return -errno;
	b->state = page;
	*page = 1;
	return 0;
}

static int give_back(struct bench *b, uint64_t n)
{
	volatile char *page = b->state;

	for (; b->done < n; b->done++) {
		if (madvise(b->state, PAGE, MADV_DONTNEED))
			return -errno;
		*page = 1;
	}
	return 0;
}

static void teardown(struct bench *b)
{
	if (b->state)
		munmap(b->state, PAGE);
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 0.05),
	  .source = "warm: the host has the page already" },
	{ SHADOW, PAGE_FAULT, EXACTLY(2), SVM,
	  .source = "paging_tmpl.h: one #PF reflected by walk_addr, one filled by fetch. Measured "
		    "2.000, 2026-11-22" },
	{ SHADOW, EXCEPTION, EXACTLY(2), VMX,
	  .source = "paging_tmpl.h: one #PF reflected by walk_addr, one filled by fetch. Measured "
		    "2.001, 2026-11-23" },
	{ SHADOW, INVLPG, FLUSHES_ONLY,
	  .source = "memory.c zap_page_range: a flush of one page. Measured 1.000, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(madvise_single) = {
	.name = "madvise.single",
	.summary = "MADV_DONTNEED of one page, then touch it",
	.op = "page",
	.control = "pagefault.anon",
	.kernel_entries = 2, /* madvise and the page fault */
	.flushes = 1,
	.setup = setup,
	.run = give_back,
	.verify = workload_verify_faults,
	.teardown = teardown,
	.expect = expected,
};
