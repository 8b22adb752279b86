// SPDX-License-Identifier: MIT
// A block through the page cache, then fsync: the write that it starts and the flush of the disk's
// own cache after it are two requests, one after the other.
#include <fcntl.h>
#include <unistd.h>

#include "expect.h"
#include "kit/disk.h"
#include "workload.h"

static const char *supported(struct bench *b)
{
	return disk_unusable(b);
}

#define BLOCKS 32 /* few enough to stay in the page cache */

static int setup(struct bench *b)
{
	struct disk *d;
	int i, ret = disk_setup(b, O_WRONLY);

	if (ret)
		return ret;
	d = b->state;
	if (d->blocks > BLOCKS)
		d->blocks = BLOCKS;
	for (i = 0; i < BLOCKS; i++)
		if (pwrite(d->fd, d->buffer, DISK_BLOCK, disk_next(d)) != DISK_BLOCK)
			return errno ? -errno : -EIO;
	if (fsync(d->fd))
		return -errno;
	disk_mark(d);
	return 0;
}

static int write_and_sync(struct bench *b, uint64_t n)
{
	struct disk *d = b->state;

	for (; n; n--) {
		if (pwrite(d->fd, d->buffer, DISK_BLOCK, disk_next(d)) != DISK_BLOCK)
			return errno ? -errno : -EIO;
		if (fsync(d->fd))
			return -errno;
		b->done++;
	}
	return 0;
}

/* A disk without a write cache is not flushed, so at least one request per operation. */
static int verify(const struct bench *b, uint64_t n)
{
	uint64_t requests = disk_requests(b);

	return b->done == n && requests >= n && requests <= 3 * n ? 0 : -ERANGE;
}

static const struct expectation expected[] = {
	NOTIFIES(1.96, 2.04,
		 "the write and the flush: block/fops.c blkdev_fsync. Measured 2.000 on SVM in "
		 "both modes "
		 "and on VMX with shadow paging, 2026-11-22"),
	WAITS(2),
	{ .source = NULL },
};

WORKLOAD(io_fsync) = {
	.name = "io.fsync",
	.summary = "write 4 KiB to the named disk through the page cache, and fsync",
	.op = "fsync",
	.kernel_entries = 2,
	.control = "io.blk.write",
	.alone = "the disk can be opened by one process only",
	.supported = supported,
	.setup = setup,
	.run = write_and_sync,
	.verify = verify,
	.teardown = disk_teardown,
	.expect = expected,
};
