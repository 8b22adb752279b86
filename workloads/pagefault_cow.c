// SPDX-License-Identifier: MIT
// Write to pages that fork() left shared: the guest copies each and replaces its entry. Shadow
// paging pays for the fault twice, as for any page, and for the flush of the old entry.
#include <stdlib.h>
#include <sys/mman.h>

#include "expect.h"
#include "kit/child.h"
#include "kit/memory.h"
#include "kit/pipes.h"
#include "kit/verify.h"
#include "workload.h"

struct shared {
	struct pipes pipes;
	char *memory;
	int child;
};

/* Keep the pages shared until the end. */
static int hold(struct bench *b)
{
	struct shared *s = b->state;

	pipes_hang_up(&s->pipes); /* our copy */
	return pipes_echo(&s->pipes);
}

static int setup(struct bench *b)
{
	struct shared *s = calloc(1, sizeof(*s));
	size_t size = b->ops * PAGE, i;
	int ret;

	if (!s)
		return -ENOMEM;
	b->state = s;
	ret = pipes_open(&s->pipes);
	if (ret)
		return ret;
	s->memory = workload_map(size, false);
	if (!s->memory)
		return -errno;
	for (i = 0; i < size; i += PAGE)
		s->memory[i] = 1;
	s->child = workload_child(b, hold);
	/* One round trip: then the child sleeps, and both have copied the pages of their stacks. */
	return s->child < 0 ? s->child : pipes_round_trips(&s->pipes, 1, NULL);
}

static int write_shared(struct bench *b, uint64_t n)
{
	volatile char *memory = ((struct shared *)b->state)->memory;

	for (; b->done < n; b->done++)
		memory[b->done * PAGE] = 2;
	return 0;
}

static void teardown(struct bench *b)
{
	struct shared *s = b->state;

	if (!s)
		return;
	workload_reap(s->child);
	pipes_close(&s->pipes);
	if (s->memory)
		munmap(s->memory, b->ops * PAGE);
	free(s);
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 0.05),
	  .source = "warm: the host already has the page of the copy" },
	{ SHADOW, PAGE_FAULT, BETWEEN(1.98, 2.02), SVM,
	  .source = "paging_tmpl.h: one #PF reflected (write to a read-only page), one filled; one "
		    "more for each leaf table of 512 pages. Measured 2.0021, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(1.98, 2.02), VMX,
	  .source = "paging_tmpl.h: one #PF reflected (write to a read-only page), one filled. "
		    "Measured 2.002, 2026-11-23" },
	{ SHADOW, INVLPG, FLUSHES_ONLY,
	  .source = "memory.c wp_page_copy: ptep_clear_flush. Measured 1.000, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(pagefault_cow) = {
	.name = "pagefault.cow",
	.summary = "write to 4 KiB pages that are shared after fork",
	.op = "page",
	.control = "pagefault.anon",
	.kernel_entries = 1,
	.flushes = 1,
	.max_ops = 16384,
	.setup = setup,
	.run = write_shared,
	.verify = workload_verify_faults,
	.teardown = teardown,
	.expect = expected,
};
