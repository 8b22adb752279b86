// SPDX-License-Identifier: MIT
/* The exit pages of docs/page.md, in the memory of an ivshmem device. */
#include "page.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <x86intrin.h>

#include "internal.h"

#define IVSHMEM 0x11101af4u /* device and vendor: QEMU's docs/specs/ivshmem-spec.rst */
#define PASSES 4            /* readings until two in a row are the same */

#define PATIENCE 4000000000ull /* TSC cycles that a copier may take: a second or two */

_Static_assert(offsetof(struct exit_page, kernel) == 48 &&
		       offsetof(struct exit_page, tsc_khz) == 112 &&
		       offsetof(struct exit_page, pass) == 120 &&
		       offsetof(struct exit_page, count) == 128 &&
		       offsetof(struct exit_page, time) == 1744 && sizeof(struct exit_page) == 4976,
	       "docs/page.md");

static const struct exit_page *page_at(const struct exitprobe *p, uint32_t i)
{
	return (const void *)((const unsigned char *)p->page + (size_t)i * PAGE_STRIDE);
}

/* The host writes these at any time. */
static inline uint64_t load64(const unsigned long long *at)
{
	return __atomic_load_n(at, __ATOMIC_RELAXED);
}
static inline uint32_t load32(const unsigned int *at)
{
	return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static bool hexadecimal(const char *folder, const char *name, uint32_t *value)
{
	char path[PATH_MAX + 16], text[16];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	*value = (uint32_t)strtoul(text, NULL, 16);
	return true;
}

static bool is_ivshmem(const char *folder)
{
	uint32_t vendor, kind;

	return hexadecimal(folder, "vendor", &vendor) && vendor == (IVSHMEM & 0xffff) &&
	       hexadecimal(folder, "device", &kind) && kind == IVSHMEM >> 16;
}

/* A device that no driver has claimed answers nothing until it is enabled. */
static void enable(const char *folder)
{
	char path[PATH_MAX + 16];
	int fd;

	snprintf(path, sizeof(path), "%s/enable", folder);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "1", 1) < 0)
		errno = 0; /* then its memory has no page, which is seen */
	close(fd);
}

/* Pages in this memory that are ours, or a negative errno: -ENODEV where it is another program's.
 */
static int pages_in(struct exitprobe *p, const struct exit_page *page, size_t size)
{
	uint32_t pages;

	if (load64(&page->magic) != PAGE_MAGIC)
		return -ENODEV;
	pages = page->pages;
	if (page->version == PAGE_VERSION && page->slots == PAGE_SLOTS && pages &&
	    pages <= size / PAGE_STRIDE &&
	    (page->vendor == EXITPROBE_VMX || page->vendor == EXITPROBE_SVM))
		return (int)pages;
	snprintf(p->why, sizeof(p->why),
		 "exit pages of version %u with %u slots found: this library knows version %u with "
		 "%u; use a suite of the same release on host and guest",
		 page->version, page->slots, PAGE_VERSION, PAGE_SLOTS);
	return -EPROTO;
}

static void take(struct exitprobe *p, const char *device, const struct exit_page *page, int pages)
{
	p->backend = EXITPROBE_PAGE;
	p->page = page;
	p->pages = (uint32_t)pages;
	p->vendor = (enum exitprobe_vendor)page->vendor;
	p->paging = page->paging <= EXITPROBE_SHADOW ? (enum exitprobe_paging)page->paging
						     : EXITPROBE_PAGING_UNKNOWN;
	p->abi = PAGE_VERSION;
	p->slots = PAGE_SLOTS;
	p->instance = page->instance;
	p->counts_l2 = true;
	p->cycles = page->flags & PAGE_TIMED && page->tsc_khz;
	p->host_tsc_khz = p->cycles ? page->tsc_khz : 0;
	p->copied = page->flags & PAGE_COPIED;
	p->copy_us = p->copied ? page->copy_us : 0;
	memcpy(p->host_kernel, page->kernel, sizeof(p->host_kernel) - 1);
	snprintf(p->page_at, sizeof(p->page_at), "ivshmem %.20s", device);
}

/* 0 with the pages in *p; -ENODEV: this device has none; another error with p->why. */
static int try_device(struct exitprobe *p, const char *folder)
{
	char path[PATH_MAX + 16];
	struct stat status;
	void *map;
	int fd, pages;

	enable(folder);
	snprintf(path, sizeof(path), "%s/resource2", folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (errno == EACCES || errno == EPERM)
			snprintf(p->why, sizeof(p->why),
				 "an ivshmem device may have exit pages, and only root may look: "
				 "run it as root");
		return -ENODEV;
	}
	if (fstat(fd, &status) || status.st_size < (off_t)PAGE_STRIDE) {
		close(fd);
		return -ENODEV;
	}
	map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -ENODEV;
	/* No child has it, and no fork copies its page tables. */
	madvise(map, (size_t)status.st_size, MADV_DONTFORK);
	pages = pages_in(p, map, (size_t)status.st_size);
	if (pages < 0) {
		munmap(map, (size_t)status.st_size);
		return pages;
	}
	p->page_bytes = (uint64_t)status.st_size;
	take(p, strrchr(folder, '/') + 1, map, pages);
	return 0;
}

/* The 8 bits of leaf 1 name a processor below 255. */
uint32_t ep_apic_id(struct reader *r)
{
	uint32_t regs[4];

	ep_read(r, 1, 0, regs);
	return regs[EBX] >> 24;
}

static bool valid(const struct exitprobe *p, const struct exit_page *page)
{
	return load64(&page->magic) == PAGE_MAGIC && load32(&page->instance) == p->instance &&
	       load32(&page->flags) & PAGE_LIVE;
}

static void add_up(const struct exitprobe *p, uint32_t first, uint32_t last,
		   uint64_t count[EXITPROBE_SLOTS])
{
	uint32_t i, slot;

	memset(count, 0, EXITPROBE_SLOTS * sizeof(count[0]));
	for (i = first; i <= last; i++)
		for (slot = 0; slot < PAGE_SLOTS; slot++)
			count[slot] += load64(&page_at(p, i)->count[slot]);
}

static void add_times(const struct exitprobe *p, uint32_t first, uint32_t last,
		      struct exitprobe_snapshot *s)
{
	const double cycles_per_ns = p->host_tsc_khz / 1e6;
	const struct page_time *t;
	uint64_t busy, wall;
	uint32_t i, slot;

	for (slot = 0; slot < PAGE_SLOTS; slot++) {
		busy = wall = 0;
		for (i = first; i <= last; i++) {
			t = &page_at(p, i)->time[slot];
			busy += load64(&t->busy);
			wall += load64(&t->wall);
		}
		s->busy[slot] = (uint64_t)((double)busy * cycles_per_ns);
		if (s->flags & EXITPROBE_WALL)
			s->wall[slot] = (uint64_t)((double)wall * cycles_per_ns);
	}
}

/*
 * Until the copier has begun a pass and ended it, so that the page has all exits that were before
 * this call, and no pass is under way. 0 with its number; -ESTALE when none ends. No PAUSE, which
 * may be an exit itself.
 */
static int settle(const struct exitprobe *p, uint64_t *pass)
{
	const unsigned long long *at = &page_at(p, 0)->pass;
	const uint64_t begin = __rdtsc();
	uint64_t now = load64(at);
	/* One that is under way may have read a count before this call: its end is not enough. */
	const uint64_t ended = now + 2;

	for (; now < ended || now & 1; now = load64(at))
		if (__rdtsc() - begin > PATIENCE)
			return -ESTALE;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	*pass = now;
	return 0;
}

/* Counts of a copier are those of one pass, whatever comes in between. */
static int read_copied(const struct exitprobe *p, uint32_t first, uint32_t last,
		       uint64_t count[EXITPROBE_SLOTS])
{
	unsigned int try;
	uint64_t pass;

	for (try = 0; try < PASSES; try++) {
		if (settle(p, &pass))
			return -ESTALE;
		add_up(p, first, last, count);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (load64(&page_at(p, 0)->pass) == pass)
			return 0;
	}
	return -ESTALE;
}

/*
 * An exit that comes between two loads is in one count and not in another. Two passes that find the
 * same had none between them, as counts only grow: then all counts are of one moment.
 */
static void read_stored(const struct exitprobe *p, uint32_t first, uint32_t last,
			uint64_t count[EXITPROBE_SLOTS])
{
	uint64_t before[EXITPROBE_SLOTS];
	unsigned int pass;

	add_up(p, first, last, count);
	for (pass = 1; pass < PASSES; pass++) {
		memcpy(before, count, sizeof(before));
		add_up(p, first, last, count);
		if (!memcmp(before, count, sizeof(before)))
			break;
	}
}

/* Summed over all vCPUs, also for a reading of one. */
static uint64_t late(const struct exitprobe *p)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < p->pages; i++)
		sum += load64(&page_at(p, i)->lost);
	return sum;
}

int ep_read_pages(const struct exitprobe *p, struct reader *r, struct exitprobe_snapshot *s)
{
	uint32_t first = 0, last = p->pages - 1;

	if (s->flags & EXITPROBE_WALL && !p->cycles)
		return -ENOTSUP;
	if (s->flags & EXITPROBE_THIS_VCPU) {
		first = last = ep_apic_id(r);
		if (first >= p->pages)
			return -EIO;
	}
	if (!p->copied)
		read_stored(p, first, last, s->count);
	else if (read_copied(p, first, last, s->count))
		return -ESTALE;
	if (p->cycles)
		add_times(p, first, last, s);
	s->late = late(p);
	return valid(p, page_at(p, first)) ? 0 : -ESTALE;
}

static int cpuids_of(const struct exitprobe *p, uint32_t id, uint64_t *count)
{
	uint64_t pass;

	if (p->copied && settle(p, &pass))
		return -ESTALE;
	*count = load64(&page_at(p, id)->count[exitprobe_cpuid_slot(p)]);
	return 0;
}

/* One more CPUID, one more in the page of the vCPU that executed it. Again where this thread moved
 * to another vCPU in between, or a program that executes CPUID ran. */
static bool counted(const struct exitprobe *p, struct reader *r)
{
	uint32_t id = ep_apic_id(r), was;
	uint64_t before, after;
	unsigned int pass;

	for (pass = 0; pass < PASSES && id < p->pages; pass++) {
		if (!valid(p, page_at(p, id)) || cpuids_of(p, id, &before))
			return false;
		was = id;
		id = ep_apic_id(r);
		if (cpuids_of(p, was, &after))
			return false;
		if (id == was && after == before + 1)
			return true;
	}
	return false;
}

int exitprobe_check(const struct exitprobe *p, const struct exitprobe_snapshot *since,
		    uint32_t *cost)
{
	struct reader r = { p->source, 0 };
	int ret = p->backend == EXITPROBE_NONE ? -ENODEV : 0;

	if (p->backend == EXITPROBE_PAGE)
		ret = counted(p, &r) ? 0 : -ESTALE;
	/* The proof's exits have repaired a page whose store failed; it says so now. */
	if (p->backend == EXITPROBE_PAGE && !ret && since && late(p) != since->late)
		ret = -ENODATA;
	if (cost)
		*cost = r.cost;
	return ret;
}

int ep_open_page(struct exitprobe *p, struct reader *r, const char *devices)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	DIR *all = opendir(devices);
	int ret = -ENODEV;

	if (!all)
		return -ENODEV;
	while (ret == -ENODEV && (entry = readdir(all))) {
		snprintf(folder, sizeof(folder), "%s/%s", devices, entry->d_name);
		if (entry->d_name[0] != '.' && is_ivshmem(folder))
			ret = try_device(p, folder);
	}
	closedir(all);
	if (ret)
		return ret;
	if (counted(p, r))
		return 0;
	exitprobe_close(p);
	snprintf(p->why, sizeof(p->why),
		 "there are exit pages, and nobody counts into them: the host's 'suite attach' has "
		 "ended; start it again");
	return -ENODEV;
}

int exitprobe_open_page(struct exitprobe *p)
{
	struct reader r = { { ep_cpuid_instruction, NULL }, 0 };
	struct host host;
	int ret;

	memset(p, 0, sizeof(*p));
	p->source = r.source;
	ep_describe_host(p, &r, &host);
	ret = ep_open_page(p, &r, PCI_DEVICES);
	if (ret == -ENODEV && !p->why[0])
		snprintf(p->why, sizeof(p->why),
			 "no ivshmem device of this VM has exit pages: docs/attach.md");
	p->open_cost = r.cost;
	return ret;
}

void exitprobe_close(struct exitprobe *p)
{
	if (p->backend != EXITPROBE_PAGE)
		return;
	munmap((void *)(uintptr_t)p->page, p->page_bytes);
	p->page = NULL;
	p->pages = 0;
	p->backend = EXITPROBE_NONE;
	p->vendor = EXITPROBE_VENDOR_UNKNOWN;
	p->slots = 0;
}
