// SPDX-License-Identifier: MIT
// The whole life of anonymous memory, per page: map, touch, unmap. Compared with pagefault.anon it
// shows that unmapping is nearly free: up to 33 pages are flushed one by one, more by one CR3
// write.
#include <sys/mman.h>

#include "expect.h"
#include "kit/memory.h"
#include "workload.h"

#define TABLE (512 * PAGE) /* what one leaf table maps */
/* A lone page this far before the others makes each munmap() flush the whole address space once,
 * however few they are (x86 mm/tlb.c tlb_single_page_flush_ceiling). */
#define GAP 64

static size_t length(uint64_t n)
{
	return (GAP + n) * PAGE;
}

/* Leaf tables begin at the same place in every sample. */
static int setup(struct bench *b)
{
	b->state = workload_find_gap(length(b->ops), TABLE);
	return b->state ? 0 : -errno;
}

static int life(struct bench *b, uint64_t n)
{
	volatile char *memory = mmap(b->state, length(n), PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (memory != b->state)
		return memory == MAP_FAILED ? -errno : -EEXIST;
	/* As workload_map(), which takes no address. */
	madvise(b->state, length(n), MADV_NOHUGEPAGE);
	memory[0] = 1;
	for (; b->done < n; b->done++)
		memory[(GAP + b->done) * PAGE] = 1;
	return munmap(b->state, length(n)) ? -errno : 0;
}

static int verify(const struct bench *b, uint64_t n)
{
	/* A few more faults are the harness's; fewer mean that work was not done. */
	return b->done == n && b->usage.minor_faults > n && b->usage.minor_faults <= n + 16
		       ? 0
		       : -ERANGE;
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 0.05),
	  .source = "warm: the host has the page already" },
	{ SHADOW, PAGE_FAULT, BETWEEN(1.98, 2.02), SVM,
	  .source = "paging_tmpl.h: one #PF reflected by walk_addr, one filled by fetch; two more "
		    "for each leaf table of 512 pages. Measured 2.0000 within one table, 2.0039 = "
		    "2 + 2/512 over many, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(1.98, 2.02), VMX,
	  .source = "paging_tmpl.h: one #PF reflected by walk_addr, one filled by fetch; two more "
		    "for each leaf table of 512 pages. Measured 2.001, 2026-11-23" },
	{ .source = NULL },
};

WORKLOAD(munmap_pages) = {
	.name = "munmap",
	.summary = "mmap, first touch and munmap of anonymous 4 KiB pages",
	.op = "page",
	.control = "pagefault.anon",
	.kernel_entries = 1,
	.max_ops = 32768,
	.multiple = 64, /* so that one table more or less matters little */
	.setup = setup,
	.run = life,
	.verify = verify,
	.expect = expected,
};
