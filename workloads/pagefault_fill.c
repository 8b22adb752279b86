// SPDX-License-Identifier: MIT
// First access to pages that the guest has already mapped: no fault in the guest. Nested paging has
// nothing to do; shadow paging fills its table, together with the neighbouring entries: one exit
// for eight pages.
#include <sys/mman.h>

#include "expect.h"
#include "kit/memory.h"
#include "workload.h"

#define PREFETCH 8 /* PTE_PREFETCH_NUM of kvm's mmu.c: entries of one fill, aligned */
#define PAGES 16384

enum { STRIDE };

static const struct parameter parameters[] = {
	[STRIDE] = { "stride", 1, 1, 64, "pages", "touch every n-th page: fewer of each fill" },
	{ .name = NULL },
};

static size_t step(const struct bench *b)
{
	return (size_t)b->value[STRIDE] * PAGE;
}

static const char *supported(struct bench *b)
{
	b->max_ops = PAGES / (uint64_t)b->value[STRIDE];
	if (b->value[STRIDE] < PREFETCH)
		b->multiple = 8 * PREFETCH; /* so that a cut fill matters little */
	return NULL;
}

static int setup(struct bench *b)
{
	b->state = workload_map(b->ops * step(b), true);
	return b->state ? 0 : -errno;
}

static int touch(struct bench *b, uint64_t n)
{
	volatile char *memory = b->state;
	size_t by = step(b);

	for (; b->done < n; b->done++, memory += by)
		*memory = 1;
	return 0;
}

/* The guest's kernel must account for no fault at all; the pages' contents show the rest. */
static int verify(const struct bench *b, uint64_t n)
{
	const char *memory = b->state;
	uint64_t i;

	for (i = 0; i < n; i++)
		if (memory[i * step(b)] != 1)
			return -ERANGE;
	return b->done == n && b->usage.minor_faults <= 16 ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	if (b->state)
		munmap(b->state, b->ops * step(b));
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 0.05),
	  .source = "warm: the host has the page already" },
	{ SHADOW, PAGE_FAULT, BETWEEN(0.119, 0.131), SVM,
	  .source = "paging_tmpl.h pte_prefetch: PTE_PREFETCH_NUM = 8 entries a fill. Measured "
		    "0.123, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(0.119, 0.131), VMX,
	  .source = "paging_tmpl.h pte_prefetch: PTE_PREFETCH_NUM = 8 entries a fill. Measured "
		    "0.123, 2026-11-22" },
	{ .source = NULL },
};

/* Every n-th entry of a fill is used; from n = 8 on, one per fill. */
static void adapt(const struct bench *b, struct expectation *e)
{
	double used = (double)(b->value[STRIDE] < PREFETCH ? b->value[STRIDE] : PREFETCH);

	if (e->paging != SHADOW)
		return;
	e->low *= used;
	e->high *= used;
}

WORKLOAD(pagefault_fill) = {
	.name = "pagefault.fill",
	.summary = "first access to 4 KiB pages that are mapped already (MADV_POPULATE_WRITE)",
	.op = "page",
	.control = "pagefault.anon",
	.parameter = parameters,
	.supported = supported,
	.setup = setup,
	.run = touch,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
	.adapt = adapt,
};
