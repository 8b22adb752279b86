// SPDX-License-Identifier: MIT
// One fork of a process that has n times 512 pages: what each page table full of them adds. fork()
// itself is a constant that drops out of the slope.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

#define TABLE (512 * PAGE) /* what one leaf table maps */

static int setup(struct run *r)
{
	size_t size = r->ops * TABLE, i;
	char *memory = workload_map(size, true);

	if (!memory)
		return -errno;
	r->state = memory;
	/* Used by the program, not only mapped: shadow paging knows the page tables then. */
	for (i = 0; i < size; i += PAGE)
		memory[i] = 1;
	return 0;
}

static int fork_once(struct run *r, uint64_t n)
{
	pid_t pid = (pid_t)syscall(SYS_fork); /* glibc's does more once there was a thread */
	int ret;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(0);
	ret = workload_wait(pid);
	r->done = ret ? 0 : n;
	return ret;
}

static uint64_t faults(void)
{
	struct rusage u;

	return getrusage(RUSAGE_SELF, &u) ? 0 : (uint64_t)u.ru_minflt;
}

/* Each page that the fork left without write permission faults when it is written now. */
static int verify(const struct run *r, uint64_t n)
{
	volatile char *memory = r->state;
	uint64_t before = faults(), i;

	for (i = 0; i < r->ops * TABLE; i += PAGE)
		memory[i] = 2;
	return r->done == n && faults() - before >= n * TABLE / PAGE ? 0 : -ERANGE;
}

static void teardown(struct run *r)
{
	if (r->state)
		munmap(r->state, r->ops * TABLE);
}

#define SOURCE                                                                                  \
	"memory.c copy_page_range write-protects the parent's entries: the first write to a "   \
	"table "                                                                                \
	"exits and makes it unsync (mmu.c mmu_try_to_unsync_pages), the other 511 do not; the " \
	"child's table is not shadowed yet. Measured 2.3 (0.8 to 3.2) on SVM, 2026-11-22"

static const struct expectation expected[] = {
	{ NESTED, CR_ACCESS, BETWEEN(0, 0.01),
	  .source = "CR3 exiting is off: vmx.c vmx_exec_control, svm.c init_vmcb" },
	{ SHADOW, PAGE_FAULT, BETWEEN(0.5, 3.5), SVM, .source = SOURCE },
	{ SHADOW, EXCEPTION, BETWEEN(0.5, 5), VMX, .source = SOURCE },
	{ SHADOW, CR_ACCESS, BETWEEN(0, 1.2), VMX,
	  .source = "ticks in the time that the copy takes cross, too (PTI). Measured 0.57, "
		    "2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(fork_rss) = {
	.name = "fork.rss",
	.summary = "one fork of a process that has n x 512 pages, exit in the child, wait",
	.op = "512 pages",
	.control = "fork.exit",
	.max_ops = 64,
	.setup = setup,
	.run = fork_once,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
