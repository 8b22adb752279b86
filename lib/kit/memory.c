// SPDX-License-Identifier: MIT
#include <errno.h>
#include <sys/mman.h>

#include "kit/memory.h"

#define HUGE (512 * PAGE)

int workload_unshadow(void *huge_page)
{
	int i;

	for (i = 0; i < 2; i++)
		if (mprotect(huge_page, HUGE, PROT_READ) ||
		    mprotect(huge_page, HUGE, PROT_READ | PROT_WRITE))
			return -errno;
	return 0;
}

void *workload_find_gap(size_t size, size_t alignment)
{
	char *all = mmap(NULL, size + alignment, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (all == MAP_FAILED || munmap(all, size + alignment))
		return NULL;
	return (void *)(((uintptr_t)all + alignment - 1) & ~(alignment - 1));
}

void *workload_map(size_t size, bool populate)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* -EINVAL on a kernel without huge pages, where there is nothing to turn off. */
	madvise(memory, size, MADV_NOHUGEPAGE);
	/* MAP_POPULATE would act before the advice. */
	if (!populate || !madvise(memory, size, MADV_POPULATE_WRITE))
		return memory;
	munmap(memory, size);
	return NULL;
}
