// SPDX-License-Identifier: MIT
// Give back several pages in one call and touch them again. Up to 33 pages are flushed one by one;
// more by one reload of CR3, however many there are.
#include <sys/mman.h>

#include "expect.h"
#include "kit/memory.h"
#include "workload.h"

#define CEILING 33 /* x86 mm/tlb.c tlb_single_page_flush_ceiling */

enum { PAGES };

static const char each[] = "page by page", whole[] = "whole address space";

static const char *supported(struct bench *b)
{
	int64_t pages = b->value[PAGES];

	b->mechanism = pages > CEILING ? whole : each;
	b->flushes = pages > CEILING ? 0 : (double)pages;
	b->kernel_entries = 1 + (double)pages; /* madvise and the page faults */
	return NULL;
}

static int setup(struct bench *b)
{
	b->state = workload_map((size_t)b->value[PAGES] * PAGE, true);
	return b->state ? 0 : -errno;
}

static int give_back(struct bench *b, uint64_t n)
{
	size_t size = (size_t)b->value[PAGES] * PAGE, i;
	volatile char *memory = b->state;

	for (; b->done < n; b->done++) {
		if (madvise(b->state, size, MADV_DONTNEED))
			return -errno;
		for (i = 0; i < size; i += PAGE)
			memory[i] = 1;
	}
	return 0;
}

static int verify(const struct bench *b, uint64_t n)
{
	uint64_t faults = b->usage.minor_faults, pages = (uint64_t)b->value[PAGES];

	/* A few more faults are the harness's; fewer mean that work was not done. */
	return b->done == n && faults >= n * pages && faults <= n * pages + 16 ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	if (b->state)
		munmap(b->state, (size_t)b->value[PAGES] * PAGE);
}

/* Faults are stated per page. */
static void adapt(const struct bench *b, struct expectation *e)
{
	if (e->exit_class != PAGE_FAULT && e->exit_class != EXCEPTION)
		return;
	e->low *= (double)b->value[PAGES];
	e->high *= (double)b->value[PAGES];
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 0.05),
	  .source = "warm: the host has the page already" },
	{ SHADOW, PAGE_FAULT, BETWEEN(1.98, 2.04), SVM,
	  .source = "paging_tmpl.h: one #PF reflected, one filled; after a flush of everything one "
		    "more for the table. Measured 66.00 for 33, 69.00 for 34 pages, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(1.98, 2.04), VMX,
	  .source = "paging_tmpl.h: one #PF reflected, one filled" },
	{ SHADOW, CR_ACCESS, BETWEEN(1.96, 2.04), .mechanism = whole,
	  .source = "tlb.c flush_tlb_func: for more than 33 pages one CR3 read and one write. "
		    "Measured 1.000 of each, 2026-11-22" },
	{ SHADOW, INVLPG, FLUSHES_ONLY, .mechanism = each,
	  .source = "tlb.c flush_tlb_func: up to 33 pages are flushed one by one. Measured 33.00, "
		    "2026-11-22" },
	{ .source = NULL },
};

static const struct parameter most[] = {
	[PAGES] = { "pages", 33, 1, 1024, "pages", "of one call" },
	{ .name = NULL },
};

static const struct parameter more[] = {
	[PAGES] = { "pages", 34, 1, 1024, "pages", "of one call" },
	{ .name = NULL },
};

#define BULK(id, bulk_name, bulk_summary, bulk_control, bulk_parameter) \
	WORKLOAD(id) = {                                                \
		.name = bulk_name,                                      \
		.summary = bulk_summary,                                \
		.op = "call",                                           \
		.control = bulk_control,                                \
		.parameter = bulk_parameter,                            \
		.supported = supported,                                 \
		.setup = setup,                                         \
		.run = give_back,                                       \
		.verify = verify,                                       \
		.teardown = teardown,                                   \
		.expect = expected,                                     \
		.adapt = adapt,                                         \
	}

BULK(madvise_bulk33, "madvise.bulk33",
     "MADV_DONTNEED of 33 pages, then touch them: the most that are flushed one by one",
     "madvise.single", most);
BULK(madvise_bulk, "madvise.bulk",
     "MADV_DONTNEED of 34 pages, then touch them: the address space is flushed", "madvise.bulk33",
     more);
