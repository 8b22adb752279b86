// SPDX-License-Identifier: MIT
// Move a page to another address and write to it there: its entry moves within the page table.
#include <stdlib.h>
#include <sys/mman.h>

#include "expect.h"
#include "kit/memory.h"
#include "workload.h"

#define TABLE (512 * PAGE) /* what one leaf table maps: both addresses are in it */
#define SIZE (2 * TABLE)
#define DISTANCE (16 * PAGE)

struct page {
	char *place;
	volatile uint64_t *at, *other; /* its address now and the next one */
};

static int setup(struct bench *b)
{
	struct page *p = calloc(1, sizeof(*p));
	char *aligned;

	if (!p)
		return -ENOMEM;
	b->state = p;
	p->place = workload_map(SIZE, false);
	if (!p->place)
		return -errno;
	aligned = (char *)(((uintptr_t)p->place + TABLE - 1) & ~(TABLE - 1));
	p->at = (volatile uint64_t *)aligned;
	p->other = (volatile uint64_t *)(aligned + DISTANCE);
	*p->at = 0;
	return 0;
}

static int move(struct bench *b, uint64_t n)
{
	struct page *p = b->state;
	volatile uint64_t *from;

	for (; b->done < n; b->done++) {
		from = p->at;
		if (mremap((void *)from, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			   (void *)p->other) == MAP_FAILED)
			return -errno;
		p->at = p->other;
		p->other = from;
		++*p->at;
	}
	return 0;
}

/* The moving page counts its own writes. */
static int verify(const struct bench *b, uint64_t n)
{
	const struct page *p = b->state;

	return *p->at == n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct page *p = b->state;

	if (p && p->place)
		munmap(p->place, SIZE);
	free(p);
}

static const struct expectation expected[] = {
	{ SHADOW, PAGE_FAULT, EXACTLY(1), SVM,
	  .source = "paging_tmpl.h fetch: the entry is filled at its new place. Measured 1.000, "
		    "2026-11-22" },
	{ SHADOW, EXCEPTION, EXACTLY(1), VMX,
	  .source = "paging_tmpl.h fetch: the entry is filled at its new place. Measured 1.000, "
		    "2026-11-22" },
	{ SHADOW, INVLPG, FLUSHES_ONLY,
	  .source = "mremap.c move_ptes: flush of the old place. Measured 1.000, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(mremap_page) = {
	.name = "mremap",
	.summary = "move one page to another address, then write to it",
	.op = "move",
	.control = "mprotect.toggle",
	.kernel_entries = 1,
	.flushes = 1,
	.setup = setup,
	.run = move,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
