// SPDX-License-Identifier: MIT
// Read anonymous pages, then write them: the read maps the shared zero page, the write replaces it.
// Two faults of the guest and one flush per page.
#include <sys/mman.h>
#include <sys/resource.h>

#include "expect.h"
#include "kit/memory.h"
#include "workload.h"

/* A kernel may allocate a page at the first read already; the write then does not fault. */
static const char *supported(struct bench *b)
{
	volatile char *memory = workload_map(PAGE, false);
	struct rusage before = { 0 }, after = { 0 };

	(void)b;
	if (!memory)
		return "no memory to test how the kernel maps an untouched page";
	if (!*memory) {
		getrusage(RUSAGE_SELF, &before);
		*memory = 1;
		getrusage(RUSAGE_SELF, &after);
	}
	munmap((void *)memory, PAGE);
	return after.ru_minflt > before.ru_minflt
		       ? NULL
		       : "this kernel has no shared zero page: the first read already allocates";
}

static int setup(struct bench *b)
{
	b->state = workload_map(b->ops * PAGE, true);
	if (!b->state)
		return -errno;
	/* Warm: the pages come back from the free lists with their host pages; page tables stay. */
	return madvise(b->state, b->ops * PAGE, MADV_DONTNEED) ? -errno : 0;
}

static int read_write(struct bench *b, uint64_t n)
{
	volatile char *memory = b->state;

	for (; b->done < n; b->done++) {
		if (memory[b->done * PAGE])
			return -EIO;
		memory[b->done * PAGE] = 1;
	}
	return 0;
}

static int verify(const struct bench *b, uint64_t n)
{
	uint64_t faults = b->usage.minor_faults;

	/* A few more faults are the harness's; fewer mean that work was not done. */
	return b->done == n && faults >= 2 * n && faults <= 2 * n + 16 ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	if (b->state)
		munmap(b->state, b->ops * PAGE);
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 0.05),
	  .source = "warm: the host has the page already" },
	{ SHADOW, PAGE_FAULT, BETWEEN(3.96, 4.04), SVM,
	  .source = "paging_tmpl.h: the read is one #PF reflected and one filled, the write to the "
		    "read-only entry again. Measured 4.000, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(3.96, 4.04), VMX,
	  .source = "paging_tmpl.h: the read is one #PF reflected and one filled, the write to the "
		    "read-only entry again" },
	{ SHADOW, INVLPG, FLUSHES_ONLY,
	  .source = "memory.c wp_page_copy: ptep_clear_flush. Measured 1.000, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(pagefault_zero) = {
	.name = "pagefault.zero",
	.summary = "read anonymous 4 KiB pages (the zero page), then write them",
	.op = "page",
	.control = "pagefault.anon",
	.kernel_entries = 2,
	.flushes = 1,
	.max_ops = 16384,
	.supported = supported,
	.setup = setup,
	.run = read_write,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
