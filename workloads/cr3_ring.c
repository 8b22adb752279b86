// SPDX-License-Identifier: MIT
// A byte goes round a ring of processes on one CPU: each hop switches the address space, and each
// space comes round again only after all the others. KVM keeps the roots of the current and the
// three previous ones: in a ring of up to four it finds every root, in a larger one none. Either
// way a switch is one exit; only the time it takes grows.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expect.h"
#include "kit/child.h"
#include "kit/cpus.h"
#include "kit/memory.h"
#include "workload.h"

enum { SPACES, DIRTY };
#define SPACES_MAX 64
#define FLUSH_CEILING 33 /* x86 mm/tlb.c tlb_single_page_flush_ceiling */
#define WARM_UP 4        /* rounds until every process has pages of its own */

struct ring {
	int spaces, child; /* index of the child being forked */
	int (*pipe)[2];    /* [spaces]: read by process i, written by its predecessor */
	int *pid;          /* [spaces]; 0 is ourselves */
	size_t dirty;      /* bytes at memory, private to each process */
	volatile char *memory;
};

static void end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Give pages back and touch them again, which writes to this process's page table. */
static int change(const struct ring *g)
{
	size_t i;

	if (g->dirty && madvise((void *)g->memory, g->dirty, MADV_DONTNEED))
		return -errno;
	for (i = 0; i < g->dirty; i += PAGE)
		g->memory[i] = 1;
	return 0;
}

/* Pass every byte on. Only our own two ends stay open, so that end of file propagates too. */
static int pass_on(struct bench *b)
{
	struct ring *g = b->state;
	int me = g->child, next = (me + 1) % g->spaces, i;
	char byte;

	for (i = 0; i < g->spaces; i++) {
		if (i != me)
			end(&g->pipe[i][0]);
		if (i != next)
			end(&g->pipe[i][1]);
	}
	while (read(g->pipe[me][0], &byte, 1) == 1)
		if (change(g) || write(g->pipe[next][1], &byte, 1) != 1)
			return -EPIPE;
	return 0;
}

static int rounds(struct bench *b, uint64_t n)
{
	const struct ring *g = b->state;
	char byte = 0;

	for (b->done = 0; b->done < n; b->done++) {
		if (write(g->pipe[1][1], &byte, 1) != 1)
			return -errno;
		if (read(g->pipe[0][0], &byte, 1) != 1)
			return errno ? -errno : -EPIPE;
		if (change(g))
			return -errno;
	}
	return 0;
}

static int make_pipes(struct ring *g)
{
	int i;

	g->pipe = calloc((size_t)g->spaces, sizeof(*g->pipe));
	g->pid = calloc((size_t)g->spaces, sizeof(*g->pid));
	if (!g->pipe || !g->pid)
		return -ENOMEM;
	for (i = 0; i < g->spaces; i++)
		g->pipe[i][0] = g->pipe[i][1] = -1;
	for (i = 0; i < g->spaces; i++)
		if (pipe(g->pipe[i]))
			return -errno;
	return 0;
}

static int setup(struct bench *b)
{
	struct ring *g = calloc(1, sizeof(*g));
	int ret;

	if (!g)
		return -ENOMEM;
	b->state = g;
	g->spaces = (int)b->value[SPACES];
	g->dirty = (size_t)b->value[DIRTY] * PAGE;
	if (g->dirty)
		g->memory = workload_map(g->dirty, true);
	if (g->dirty && !g->memory)
		return -errno;
	ret = make_pipes(g);
	if (!ret)
		ret = workload_set_batch(true);
	for (g->child = 1; g->child < g->spaces && !ret; g->child++) {
		g->pid[g->child] = workload_child(b, pass_on);
		ret = g->pid[g->child] < 0 ? g->pid[g->child] : 0;
	}
	return ret ? ret : rounds(b, WARM_UP);
}

/* One context switch per round: we sleep in read(), or the woken process preempts us. */
static int verify(const struct bench *b, uint64_t n)
{
	uint64_t switches = b->usage.voluntary_switches + b->usage.involuntary_switches;

	return b->done == n && switches >= n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct ring *g = b->state;
	int i;

	if (!g)
		return;
	workload_set_batch(false);
	if (g->memory)
		munmap((void *)g->memory, g->dirty);
	for (i = 0; i < g->spaces && g->pid; i++)
		workload_reap(g->pid[i]);
	for (i = 0; i < g->spaces && g->pipe && g->pid; i++) {
		end(&g->pipe[i][0]);
		end(&g->pipe[i][1]);
	}
	free(g->pipe);
	free(g->pid);
	free(g);
}

static const char *supported(struct bench *b)
{
	double spaces = (double)b->value[SPACES], dirty = (double)b->value[DIRTY];

	/* Per process: read and write, one madvise(), and the page faults. */
	b->kernel_entries = spaces * (2 + (dirty > 0) + dirty);
	b->flushes = dirty > FLUSH_CEILING ? 0 : spaces * dirty;
	return NULL;
}

/* The bands below are per process; its page faults are two per page and one for the table. */
static void adapt(const struct bench *b, struct expectation *e)
{
	double spaces = (double)b->value[SPACES], dirty = (double)b->value[DIRTY];
	double times = spaces;

	if (e->exit_class == PAGE_FAULT || e->exit_class == EXCEPTION)
		times = dirty > 0 ? spaces * (2 * dirty + 1) / 3 : 0;
	/* KVM keeps four roots; with PTI a process has two, so only two processes fit. */
	if (e->exit_class == EXCEPTION && b->value[SPACES] > (strcmp(e->pti, "on") ? 4 : 2)) {
		e->low = 2.95;
		e->high = 3.05;
	}
	e->low *= times;
	e->high *= times;
}

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, CR_ACCESS, BETWEEN(0.98, 1.05),
	  .source = "one CR3 write per switch; mmu.c cached_root_find_and_keep_current only makes "
		    "it faster. Measured 4.000 and 16.00; an emulated exit took 139,000 cycles in "
		    "a ring of 4 and 266,000 in one of 16, 2026-11-22" },
	{ SHADOW, PAGE_FAULT, BETWEEN(2.95, 3.05), SVM,
	  .source = "two for the page (pagefault.anon), one for its table, which each CR3 write "
		    "resynchronises without PCID: x86.c kvm_invalidate_pcid. Measured 3.000 in "
		    "rings of 2, 4 and 16, 2026-11-22" },
	{ SHADOW, EXCEPTION, BETWEEN(1.95, 2.05), VMX, .pti = "off",
	  .source = "as with PTI, but one root per process. Not measured: the laboratory's Intel "
		    "CPU needs PTI" },
	{ SHADOW, EXCEPTION, BETWEEN(1.95, 2.05), VMX, .pti = "on",
	  .source = "two for the page; the table is resynchronised only if its root is not among "
		    "the four that KVM keeps (KVM_MMU_NUM_PREV_ROOTS); with PTI a process uses two "
		    "of them. Measured 2.000 in a ring of 2, 2.99 of 4, 3.000 of 16, 2026-11-22" },
	{ SHADOW, INVLPG, FLUSHES_ONLY, .source = "memory.c zap_page_range: a flush of one page" },
	{ .source = NULL },
};

#define RING_PARAMETERS(ring_spaces, ring_dirty)                                                       \
	(const struct parameter[])                                                                     \
	{                                                                                              \
		[SPACES] = { "spaces", ring_spaces, 2, SPACES_MAX, "processes", "of the ring" },       \
		[DIRTY] = { "dirty", ring_dirty,                                                       \
			    0,       FLUSH_CEILING,                                                    \
			    "pages", "that each process gives back and touches before it passes on" }, \
		{ .name = NULL },                                                                      \
	}

#define RING(id, ring_name, ring_summary, ring_control, ring_spaces, ring_dirty) \
	WORKLOAD(id) = {                                                         \
		.name = ring_name,                                               \
		.summary = ring_summary,                                         \
		.op = "round",                                                   \
		.control = ring_control,                                         \
		.parameter = RING_PARAMETERS(ring_spaces, ring_dirty),           \
		.supported = supported,                                          \
		.setup = setup,                                                  \
		.run = rounds,                                                   \
		.verify = verify,                                                \
		.teardown = teardown,                                            \
		.expect = expected,                                              \
		.adapt = adapt,                                                  \
	}

RING(cr3_ring4, "cr3.ring4", "a ring of four processes on one CPU", "cr3.pipe", 4, 0);
RING(cr3_ring16, "cr3.ring16", "a ring of sixteen processes on one CPU", "cr3.ring4", 16, 0);
RING(cr3_dirty2, "cr3.dirty2", "two processes on one CPU that change a page table in between",
     "cr3.pipe", 2, 1);
RING(cr3_dirty4, "cr3.dirty4", "four processes on one CPU that change a page table in between",
     "cr3.dirty2", 4, 1);
RING(cr3_dirty16, "cr3.dirty16", "sixteen processes on one CPU that change a page table in between",
     "cr3.dirty4", 16, 1);
