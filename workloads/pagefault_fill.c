// SPDX-License-Identifier: MIT
// First access to pages that the guest has mapped already: no fault of its own. Nested paging has
// nothing to do; shadow paging fills its table, and while it is there the neighbours' entries: one
// exit for eight pages.
#include <sys/mman.h>

#include "workload.h"

static int setup(struct run *r)
{
	r->state = workload_map(r->ops * PAGE, true);
	return r->state ? 0 : -errno;
}

static int touch(struct run *r, uint64_t n)
{
	volatile char *memory = r->state;

	for (; r->done < n; r->done++)
		memory[r->done * PAGE] = 1;
	return 0;
}

/* What the guest's kernel accounts for here is that nothing happened; the pages tell the rest. */
static int verify(const struct run *r, uint64_t n)
{
	const char *memory = r->state;
	uint64_t i;

	for (i = 0; i < n; i++)
		if (memory[i * PAGE] != 1)
			return -ERANGE;
	return r->done == n && r->usage.minor_faults <= 16 ? 0 : -ERANGE;
}

static void teardown(struct run *r)
{
	if (r->state)
		munmap(r->state, r->ops * PAGE);
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

WORKLOAD(pagefault_fill) = {
	.name = "pagefault.fill",
	.summary = "first access to 4 KiB pages that are mapped already (MADV_POPULATE_WRITE)",
	.op = "page",
	.control = "pagefault.anon",
	.max_ops = 16384,
	.setup = setup,
	.run = touch,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
