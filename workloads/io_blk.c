// SPDX-License-Identifier: MIT
// One 4 KiB block at a time, bypassing the page cache. Each is a request in a ring, a notification
// of the hypervisor, an idle CPU until the device is done, and an interrupt.
#include <fcntl.h>
#include <unistd.h>

#include "expect.h"
#include "kit/disk.h"
#include "workload.h"

static const char *supported(struct bench *b)
{
	return disk_unusable(b);
}

static int setup_read(struct bench *b)
{
	return disk_setup(b, O_RDONLY | O_DIRECT);
}

static int setup_write(struct bench *b)
{
	return disk_setup(b, O_WRONLY | O_DIRECT);
}

static int read_blocks(struct bench *b, uint64_t n)
{
	struct disk *d = b->state;

	for (; n; n--)
		if (pread(d->fd, d->buffer, DISK_BLOCK, disk_next(d)) != DISK_BLOCK)
			return errno ? -errno : -EIO;
	return 0;
}

static int write_blocks(struct bench *b, uint64_t n)
{
	struct disk *d = b->state;

	for (; n; n--)
		if (pwrite(d->fd, d->buffer, DISK_BLOCK, disk_next(d)) != DISK_BLOCK)
			return errno ? -errno : -EIO;
	return 0;
}

static int verify(const struct bench *b, uint64_t n)
{
	return disk_requests(b) == n ? 0 : -ERANGE;
}

static const struct expectation expected[] = {
	NOTIFIES(0.98, 1.02,
		 "one per request. Measured 1.000 on SVM in both modes and on VMX with shadow "
		 "paging, 2026-11-22"),
	WAITS(1),
	{ .source = NULL },
};

WORKLOAD(io_blk_read) = {
	.name = "io.blk.read",
	.summary = "read 4 KiB of the named disk bypassing the page cache, one at a time",
	.op = "read",
	.kernel_entries = 1,
	.alone = "the disk can be opened by one process only",
	.supported = supported,
	.setup = setup_read,
	.run = read_blocks,
	.verify = verify,
	.teardown = disk_teardown,
	.expect = expected,
};

WORKLOAD(io_blk_write) = {
	.name = "io.blk.write",
	.summary = "write 4 KiB to the named disk bypassing the page cache, one at a time",
	.op = "write",
	.kernel_entries = 1,
	.alone = "the disk can be opened by one process only",
	.supported = supported,
	.setup = setup_write,
	.run = write_blocks,
	.verify = verify,
	.teardown = disk_teardown,
	.expect = expected,
};
