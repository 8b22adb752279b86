// SPDX-License-Identifier: MIT
// One fork of a process that has n times 512 pages: the cost of each full page table. fork() itself
// is a constant that drops out of the slope.
#include <sys/mman.h>
#include <sys/resource.h>

#include "expect.h"
#include "kit/child.h"
#include "kit/memory.h"
#include "kit/program.h"
#include "workload.h"

#define TABLE (512 * PAGE) /* what one leaf table maps */

/* Touched, not only mapped, so that KVM has shadowed the page tables. */
static void use(const struct bench *b)
{
	volatile char *memory = b->state;
	size_t i;

	for (i = 0; i < b->ops * TABLE; i += PAGE)
		memory[i] = 1;
}

/*
 * One unmeasured fork: a child's page tables lie in pages that held page tables before, and while
 * KVM still has those shadowed each costs a few more exits. After a child that ran nothing, the
 * next one gets the same pages, which KVM has not shadowed.
 */
static int setup(struct bench *b)
{
	int ret;

	b->state = workload_map(b->ops * TABLE, true);
	if (!b->state)
		return -errno;
	workload_trim_for_fork(true);
	use(b);
	ret = workload_fork();
	use(b);
	return ret;
}

static int fork_once(struct bench *b, uint64_t n)
{
	int ret = workload_fork();

	b->done = ret ? 0 : n;
	return ret;
}

static uint64_t faults(void)
{
	struct rusage u;

	return getrusage(RUSAGE_SELF, &u) ? 0 : (uint64_t)u.ru_minflt;
}

/* Each page that the fork write-protected faults when it is written. */
static int verify(const struct bench *b, uint64_t n)
{
	volatile char *memory = b->state;
	uint64_t before = faults(), i;

	for (i = 0; i < b->ops * TABLE; i += PAGE)
		memory[i] = 2;
	return b->done == n && faults() - before >= n * TABLE / PAGE ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	workload_trim_for_fork(false);
	if (b->state)
		munmap(b->state, b->ops * TABLE);
}

#define SOURCE                                                                                    \
	"memory.c copy_page_range write-protects the parent's entries: the guest writes those "   \
	"tables all the time, so KVM has let them go out of sync (mmu.c "                         \
	"mmu_try_to_unsync_pages), and 512 writes do not exit; the child's tables are not "       \
	"shadowed yet. Measured 45 to 47 per fork with 4 to 32 tables on SVM, -0.07 to 0.31 per " \
	"table on VMX, 2026-11-26"

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(-0.6, 0.6), SVM, .source = SOURCE },
	{ SHADOW, EXCEPTION, BETWEEN(-0.6, 0.6), VMX, .source = SOURCE },
	{ SHADOW, CR_ACCESS, BETWEEN(0, 1.2), VMX,
	  .source =
		  "ticks during the copy also enter the kernel (PTI). Measured 0.57, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(fork_rss) = {
	.name = "fork.rss",
	.summary = "one fork of a process that has n x 512 pages, exit in the child, wait",
	.op = "512 pages",
	.control = "fork.exit",
	.max_ops = 32,
	.setup = setup,
	.run = fork_once,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
