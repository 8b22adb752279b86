// SPDX-License-Identifier: MIT
// Follow pointers through warm memory, each in another page, in random order: the TLB misses all
// the time and nothing exits. Here shadow paging can win: it walks one page table, nested paging
// two.
#include <stdlib.h>
#include <sys/mman.h>

#include "expect.h"
#include "kit/memory.h"
#include "workload.h"

enum { PAGES };

struct chase {
	char *memory;
	uint32_t *order; /* page of each step */
	void **at;       /* where the last run ended */
};

static void shuffle(uint32_t *order, uint32_t n)
{
	uint64_t random = 88172645463325252ull;
	uint32_t i, j, other;

	for (i = 0; i < n; i++)
		order[i] = i;
	for (i = n; i > 1; i--) {
		/* xorshift64 */
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		j = (uint32_t)(random % i);
		other = order[i - 1];
		order[i - 1] = order[j];
		order[j] = other;
	}
}

/* The word's cache line depends on the page: the same line of every page would use only a few sets
 * of the cache. */
static void **word(const struct chase *c, uint32_t step, uint32_t pages)
{
	uint32_t page = c->order[step % pages];

	return (void **)(c->memory + page * PAGE + page % 64 * 64);
}

static int setup(struct bench *b)
{
	uint32_t pages = (uint32_t)b->value[PAGES], i;
	struct chase *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	b->state = c;
	c->order = calloc(pages, sizeof(*c->order));
	c->memory = workload_map(pages * PAGE, true);
	if (!c->order || !c->memory)
		return -ENOMEM;
	shuffle(c->order, pages);
	for (i = 0; i < pages; i++)
		*word(c, i, pages) = word(c, i + 1, pages);
	return 0;
}

static int chase(struct bench *b, uint64_t n)
{
	struct chase *c = b->state;
	void **at = word(c, 0, (uint32_t)b->value[PAGES]);

	for (; n; n--)
		at = *(void *volatile *)at;
	c->at = at;
	return 0;
}

/* n steps end in exactly one place (modulo whole rounds). */
static int verify(const struct bench *b, uint64_t n)
{
	const struct chase *c = b->state;
	uint32_t pages = (uint32_t)b->value[PAGES];

	return c->at == word(c, (uint32_t)(n % pages), pages) ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct chase *c = b->state;

	if (!c)
		return;
	if (c->memory)
		munmap(c->memory, (size_t)b->value[PAGES] * PAGE);
	free(c->order);
	free(c);
}

static const struct expectation expected[] = {
	{ NESTED, NESTED_PAGE_FAULT, BETWEEN(0, 0.001),
	  .source = "warm: the processor handles a TLB miss without an exit" },
	{ SHADOW, PAGE_FAULT, BETWEEN(0, 0.001), SVM,
	  .source = "warm: every entry is in the shadow page table. Measured 0, 2026-11-22" },
	{ .source = NULL },
};

static const struct parameter parameters[] = {
	[PAGES] = { "pages", 2048, 2, 262144, "pages",
		    "size of the memory; more than the TLB has entries" },
	{ .name = NULL },
};

WORKLOAD(tlb_chase) = {
	.name = "tlb.chase",
	.summary = "follow pointers through warm pages in random order: TLB misses, no exits",
	.op = "access",
	.parameter = parameters,
	.setup = setup,
	.run = chase,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
