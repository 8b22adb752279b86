// SPDX-License-Identifier: MIT
// Read anonymous pages, then write them: the read maps the one page of zeroes, the write replaces
// it. Two faults of the guest and a flush a page.
#include <sys/mman.h>
#include <sys/resource.h>

#include "expect.h"
#include "kit/memory.h"
#include "workload.h"

/* A kernel may give a page of its own at the first read; the write then faults no more. */
static const char *supported(struct run *r)
{
	volatile char *memory = workload_map(PAGE, false);
	struct rusage before = { 0 }, after = { 0 };

	(void)r;
	if (!memory)
		return "no memory to try a page on";
	if (!*memory) {
		getrusage(RUSAGE_SELF, &before);
		*memory = 1;
		getrusage(RUSAGE_SELF, &after);
	}
	munmap((void *)memory, PAGE);
	return after.ru_minflt > before.ru_minflt
		       ? NULL
		       : "this kernel maps no shared page of zeroes: a read already allocates";
}

static int setup(struct run *r)
{
	r->state = workload_map(r->ops * PAGE, true);
	if (!r->state)
		return -errno;
	/* Warm: the pages come back from the free lists with their host pages; page tables stay. */
	return madvise(r->state, r->ops * PAGE, MADV_DONTNEED) ? -errno : 0;
}

static int read_write(struct run *r, uint64_t n)
{
	volatile char *memory = r->state;

	for (; r->done < n; r->done++) {
		if (memory[r->done * PAGE])
			return -EIO;
		memory[r->done * PAGE] = 1;
	}
	return 0;
}

static int verify(const struct run *r, uint64_t n)
{
	uint64_t faults = r->usage.minor_faults;

	/* A few more are the harness's own; fewer is work that was not done. */
	return r->done == n && faults >= 2 * n && faults <= 2 * n + 16 ? 0 : -ERANGE;
}

static void teardown(struct run *r)
{
	if (r->state)
		munmap(r->state, r->ops * PAGE);
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
	.summary = "read anonymous 4 KiB pages (the page of zeroes), then write them",
	.op = "page",
	.control = "pagefault.anon",
	.crossings = 2,
	.flushes = 1,
	.max_ops = 16384,
	.supported = supported,
	.setup = setup,
	.run = read_write,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
