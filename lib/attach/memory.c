// SPDX-License-Identifier: MIT
#include "attach/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/message.h"

#define MOST_BYTES ((size_t)16 << 20) /* a larger file is some VM's RAM */
#define DEFAULT_NAME "exit-pages"

/* A line of /proc/PID/maps: address range, permissions, offset, device, inode, path. */
struct mapping {
	uint64_t from, to, offset;
	char permissions[8];
	const char *path;
};

static bool take_line(char *line, struct mapping *m)
{
	char *gone;
	int n = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %*s %*s %n", &m->from, &m->to,
		   m->permissions, &m->offset, &n) < 4 ||
	    !n)
		return false;
	m->path = line + n;
	line[strcspn(line, "\n")] = '\0';
	gone = strstr(m->path, " (deleted)");
	if (gone)
		*gone = '\0';
	return *m->path == '/';
}

static bool wanted(const struct mapping *m, const char *file)
{
	const char *name = strrchr(m->path, '/') + 1;

	if (m->permissions[3] != 's' || m->permissions[1] != 'w' || m->offset)
		return false;
	return file ? !strcmp(m->path, file) : !strncmp(name, DEFAULT_NAME, strlen(DEFAULT_NAME));
}

static int find(struct memory *m, pid_t pid, const char *file, char *message, size_t size)
{
	char path[64], line[4352];
	struct mapping mapping;
	unsigned int found = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	f = fopen(path, "re");
	if (!f)
		return explain(message, size, -errno, "%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (!take_line(line, &mapping) || !wanted(&mapping, file))
			continue;
		found++;
		snprintf(m->file, sizeof(m->file), "%s", mapping.path);
		m->address = mapping.from;
		m->size = mapping.to - mapping.from;
	}
	fclose(f);
	if (!found)
		return explain(message, size, -ENOENT,
			       "process %d has mapped no shared file %s%s: give the VM an ivshmem "
			       "device, or --qmp (docs/attach.md)",
			       pid, file ? file : "whose name begins with ",
			       file ? "" : DEFAULT_NAME);
	if (found > 1)
		return explain(message, size, -EEXIST,
			       "process %d has mapped %u such files: name one with --memory", pid,
			       found);
	return 0;
}

/* Empty, or pages of an earlier attach: anything else is somebody's data. */
static bool free_to_use(const unsigned char *here, size_t size)
{
	const struct exit_page *page = (const void *)here;
	size_t i;

	if (page->magic == PAGE_MAGIC)
		return true;
	for (i = 0; i < size; i++)
		if (here[i])
			return false;
	return true;
}

static int map(struct memory *m, pid_t pid, char *message, size_t size)
{
	char path[96];
	void *here;

	/* The file itself, whatever its name means by now and in whose namespace. */
	snprintf(path, sizeof(path), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, pid, m->address,
		 m->address + m->size);
	m->fd = open(path, O_RDWR | O_CLOEXEC);
	if (m->fd < 0)
		return explain(message, size, -errno, "%s: %s", m->file, strerror(errno));
	if (flock(m->fd, LOCK_EX | LOCK_NB))
		return explain(message, size, -EBUSY, "another attach counts into %s; end it first",
			       m->file);
	here = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd, 0);
	if (here == MAP_FAILED)
		return explain(message, size, -errno, "%s cannot be mapped: %s", m->file,
			       strerror(errno));
	m->here = here;
	return 0;
}

/* A disk's file system takes the right to store away whenever it has written a page back. */
static bool on_disk(int fd)
{
	struct statfs s;

	return fstatfs(fd, &s) ||
	       (s.f_type != TMPFS_MAGIC && s.f_type != RAMFS_MAGIC && s.f_type != HUGETLBFS_MAGIC);
}

static int examine(const struct memory *m, char *message, size_t size)
{
	if (on_disk(m->fd))
		return explain(message, size, -EINVAL,
			       "%s is on a disk, where no program can store into it once it was "
			       "written back: make it in /dev/shm",
			       m->file);
	if (!free_to_use(m->here, m->size))
		return explain(
			message, size, -EINVAL,
			"%s holds data that is not ours, so nothing is written to it: make a "
			"file of zeros for the ivshmem device",
			m->file);
	/* Swapped out, no program could write to it until somebody touches it, who reads too few.
	 */
	if (mlock(m->here, m->size))
		return explain(message, size, -errno, "%s cannot be kept in memory: %s", m->file,
			       strerror(errno));
	return 0;
}

int memory_open(struct memory *m, pid_t pid, const char *file, char *message, size_t size)
{
	int ret;

	*m = (struct memory){ .fd = -1 };
	ret = find(m, pid, file, message, size);
	if (ret)
		return ret;
	m->pages = (unsigned int)(m->size / PAGE_STRIDE);
	if (!m->pages || m->size > MOST_BYTES)
		return explain(message, size, -EINVAL,
			       "%s has %zu bytes: exit pages need %u for each vCPU, and 16 MiB at "
			       "most",
			       m->file, m->size, PAGE_STRIDE);
	ret = map(m, pid, message, size);
	if (!ret)
		ret = examine(m, message, size);
	if (ret)
		memory_close(m);
	return ret;
}

struct exit_page *memory_page(const struct memory *m, unsigned int i)
{
	return (struct exit_page *)(void *)(m->here + (size_t)i * PAGE_STRIDE);
}

void memory_describe(struct exit_page *page, const struct memory_header *h, unsigned int i,
		     unsigned int pages)
{
	struct utsname host;

	uname(&host);
	memset(page, 0, sizeof(*page));
	page->version = PAGE_VERSION;
	page->slots = PAGE_SLOTS;
	page->vendor = h->vendor;
	page->paging = h->paging;
	page->vcpu = i;
	page->pages = pages;
	page->flags = PAGE_LIVE | h->flags;
	page->instance = h->instance;
	page->tsc_khz = h->tsc_khz;
	page->copy_us = h->copy_us;
	snprintf(page->kernel, sizeof(page->kernel), "%.63s", host.release);
	__atomic_store_n(&page->magic, PAGE_MAGIC, __ATOMIC_RELEASE);
}

void memory_begin(const struct memory *m, const struct memory_header *h)
{
	unsigned int i;

	for (i = 0; i < m->pages; i++)
		__atomic_store_n(&memory_page(m, i)->magic, 0, __ATOMIC_RELEASE);
	for (i = m->pages; i-- > 0;)
		memory_describe(memory_page(m, i), h, i, m->pages);
}

int memory_populate(const struct memory *m, pid_t pid, char *message, size_t size)
{
	unsigned char copy[PAGE_STRIDE] = { 0 };
	const struct exit_page *page = (const void *)copy;
	struct iovec here = { copy, sizeof(copy) }, there = { NULL, sizeof(copy) };
	unsigned int i;
	ssize_t n;

	for (i = 0; i < m->pages; i++) {
		there.iov_base = (void *)(uintptr_t)(m->address + (uint64_t)i * PAGE_STRIDE);
		n = process_vm_readv(pid, &here, 1, &there, 1, 0);
		if (n < 0 && errno != EFAULT)
			return explain(message, size, -errno,
				       "the memory of process %d cannot be read: %s", pid,
				       strerror(errno));
		if (n != sizeof(copy) || page->magic != PAGE_MAGIC ||
		    page->instance != memory_page(m, i)->instance)
			return explain(message, size, -EAGAIN,
				       "process %d has unmapped %s meanwhile: try again", pid,
				       m->file);
	}
	return 0;
}

void memory_unlink(const struct memory *m, pid_t pid)
{
	char path[sizeof(m->file) + 32];

	snprintf(path, sizeof(path), "/proc/%d/root%s", pid, m->file);
	unlink(path);
}

void memory_end(const struct memory *m)
{
	unsigned int i;

	for (i = 0; i < m->pages; i++)
		__atomic_and_fetch(&memory_page(m, i)->flags, ~PAGE_LIVE, __ATOMIC_RELEASE);
}

void memory_close(struct memory *m)
{
	if (m->here)
		munmap(m->here, m->size);
	if (m->fd >= 0)
		close(m->fd);
	*m = (struct memory){ .fd = -1 };
}
