// SPDX-License-Identifier: MIT
/*
 * Memory that must not change.
 *
 *   attach-memory fill MIB        fill it, say "filled", and at the end of the input verify it
 *   attach-memory press MIB       the same, at once and over again: memory pressure
 *   attach-memory pages FILE N    pages of attach: nothing but the counts of the first N has
 * changed attach-memory count FILE      what the first page has of CPUID on SVM
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "page.h"

#define SVM_CPUID 0x72

static uint64_t pattern(size_t i)
{
	return (i + 1) * 0x9e3779b97f4a7c15u;
}

static size_t wrong(const uint64_t *at, size_t words)
{
	size_t i, n = 0;

	for (i = 0; i < words; i++)
		n += at[i] != pattern(i);
	return n;
}

static int fill(size_t size, bool wait)
{
	const size_t words = size / sizeof(uint64_t);
	uint64_t *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i, n;

	if (at == MAP_FAILED)
		return 2;
	for (i = 0; i < words; i++)
		at[i] = pattern(i);
	if (wait) {
		puts("filled");
		fflush(stdout);
		while (getchar() != EOF)
			;
	}
	n = wrong(at, words);
	printf("%zu of %zu words are wrong\n", n, words);
	return n != 0;
}

static bool zero(const unsigned char *from, const unsigned char *to)
{
	while (from < to)
		if (*from++)
			return false;
	return true;
}

static bool page_good(const unsigned char *at, unsigned int i, unsigned int vcpus,
		      const struct exit_page *first)
{
	const struct exit_page *page = (const void *)at;
	const unsigned char *counts = (const void *)page->count;

	return page->magic == PAGE_MAGIC && page->version == PAGE_VERSION &&
	       page->slots == PAGE_SLOTS && page->vcpu == i && page->pages == first->pages &&
	       page->instance == first->instance &&
	       !memcmp(page->kernel, first->kernel, sizeof(page->kernel)) &&
	       zero(at + sizeof(*page), at + PAGE_STRIDE) &&
	       (i < vcpus || zero(counts, counts + sizeof(page->count)));
}

static const unsigned char *map(const char *file, unsigned int *n)
{
	int fd = open(file, O_RDONLY);
	const unsigned char *at = MAP_FAILED;
	struct stat s;

	if (fd >= 0 && !fstat(fd, &s))
		at = mmap(NULL, (size_t)s.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED) {
		perror(file);
		exit(2);
	}
	*n = (unsigned int)((size_t)s.st_size / PAGE_STRIDE);
	return at;
}

static int pages(const char *file, unsigned int vcpus)
{
	unsigned int i, n, bad = 0;
	const unsigned char *at = map(file, &n);

	for (i = 0; i < n; i++)
		bad += !page_good(at + (size_t)i * PAGE_STRIDE, i, vcpus, (const void *)at);
	printf("%u of %u pages have something else than counts\n", bad, n);
	return bad || !n;
}

static int count(const char *file)
{
	unsigned int n;
	const struct exit_page *page = (const void *)map(file, &n);

	printf("%llu\n", page->count[SVM_CPUID]);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "fill"))
		return fill((size_t)atoi(argv[2]) << 20, true);
	if (argc == 3 && !strcmp(argv[1], "press"))
		return fill((size_t)atoi(argv[2]) << 20, false);
	if (argc == 4 && !strcmp(argv[1], "pages"))
		return pages(argv[2], (unsigned int)atoi(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "count"))
		return count(argv[2]);
	return 2;
}
