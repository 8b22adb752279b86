// SPDX-License-Identifier: MIT
// First touch of anonymous pages in memory that the guest has never used. The hypervisor maps its
// own memory only now: one more exit for each page of the host, which may be 4 KiB or 2 MiB.
#include <sys/mman.h>
#include <sys/sysinfo.h>

#include "expect.h"
#include "kit/memory.h"
#include "kit/verify.h"
#include "workload.h"

/*
 * The kernel hands out recently freed pages first, so we never free any: samples advance through
 * one mapping, which ends with the process. A quarter of the free memory is enough.
 */
static char *reservoir, *next, *end;

enum { HOST };

static int reserve(void)
{
	struct sysinfo memory;
	size_t size;

	if (sysinfo(&memory))
		return -errno;
	size = memory.freeram * memory.mem_unit / 4 & ~(PAGE - 1);
	reservoir = workload_map(size, false);
	if (!reservoir)
		return -errno;
	next = reservoir;
	end = reservoir + size;
	return 0;
}

static int setup(struct bench *b)
{
	int ret = reservoir ? 0 : reserve();

	if (ret)
		return ret;
	if (b->ops > (size_t)(end - next) / PAGE)
		return -ENOMEM;
	b->state = next;
	next += b->ops * PAGE;
	return 0;
}

static int touch(struct bench *b, uint64_t n)
{
	volatile char *memory = b->state;

	for (; b->done < n; b->done++)
		memory[b->done * PAGE] = 1;
	return 0;
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 1.05), SVM,
	  .source = "mmu.c direct_page_fault: one for each page of the host. Measured 0 in 2900 "
		    "pages where the host's pages are 2 MiB and the boot had used nearly all of "
		    "them, 2026-11-22" },
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 1.05), VMX,
	  .source = "mmu.c direct_page_fault: one for each page of the host, which maps 4 KiB "
		    "instead of 2 MiB where the guest has executed code: nx_huge_pages, "
		    "disallowed_hugepage_adjust(). Measured 524 in 4800 pages, and 0 with "
		    "nx_huge_pages=off, 2026-11-26" },
	{ SHADOW, PAGE_FAULT, BETWEEN(1.98, 2.1), SVM,
	  .source = "paging_tmpl.h: one #PF reflected, one filled. Measured 2.00, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(1.98, 2.1), VMX,
	  .source = "paging_tmpl.h: one #PF reflected, one filled" },
	{ .source = NULL },
};

/* At most one per page of the host; fewer where neighbouring accesses have mapped the memory
 * already. VMX may have 4 KiB pages in any case. */
static void adapt(const struct bench *b, struct expectation *e)
{
	if (e->exit_class == NESTED_PAGE_FAULT && e->vendor == SVM)
		e->high *= 4. / (double)b->value[HOST];
}

static const struct parameter parameters[] = {
	[HOST] = { "host_page", 2048, 4, 2048, "KiB",
		   "size of the host's pages behind the guest: 4 or 2048" },
	{ .name = NULL },
};

WORKLOAD(pagefault_cold) = {
	.name = "pagefault.cold",
	.summary = "first touch of anonymous 4 KiB pages that the guest has never used",
	.op = "page",
	.control = "pagefault.anon",
	.kernel_entries = 1,
	.max_ops = 512,
	.cold = true,
	.alone = "memory is cold only once",
	.setup = setup,
	.run = touch,
	.verify = workload_verify_faults,
	.expect = expected,
	.adapt = adapt,
	.parameter = parameters,
};
