// SPDX-License-Identifier: MIT
// Reads of 4 KiB through io_uring, `qd` of them submitted and awaited together: the hypervisor is
// notified once for all of them.
#include "expect.h"
#include "kit/disk.h"
#include "workload.h"

enum { DEPTH };

static const struct parameter parameters[] = {
	[DEPTH] = { "qd", 16, 1, 64, "reads", "submitted at once" },
	{ .name = NULL },
};

#ifdef HAVE_LIBURING
#include <fcntl.h>
#include <liburing.h>
#include <stdlib.h>

static const char *supported(struct bench *b)
{
	struct io_uring uring;

	b->multiple = (uint64_t)b->value[DEPTH];
	b->kernel_entries = 1. / (double)b->value[DEPTH]; /* io_uring_enter() submits and waits */
	if (io_uring_queue_init(1, &uring, 0))
		return "this kernel has no io_uring, or does not allow it";
	io_uring_queue_exit(&uring);
	return disk_unusable(b);
}

static int setup(struct bench *b)
{
	int ret = disk_setup(b, O_RDONLY | O_DIRECT);
	struct disk *d = b->state;
	struct io_uring *ring;

	if (ret)
		return ret;
	ring = malloc(sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	ret = io_uring_queue_init((unsigned int)b->value[DEPTH], ring, 0);
	if (ret)
		free(ring);
	else
		d->more = ring;
	return ret;
}

static int batch(struct disk *d, unsigned int depth)
{
	struct io_uring *ring = d->more;
	struct io_uring_cqe *done;
	unsigned int i;
	int ret;

	for (i = 0; i < depth; i++)
		io_uring_prep_read(io_uring_get_sqe(ring), d->fd, d->buffer, DISK_BLOCK,
				   (uint64_t)disk_next(d));
	ret = io_uring_submit_and_wait(ring, depth);
	if (ret != (int)depth)
		return ret < 0 ? ret : -EIO;
	for (i = 0; i < depth; i++) {
		ret = io_uring_wait_cqe(ring, &done);
		if (ret)
			return ret;
		ret = done->res;
		io_uring_cqe_seen(ring, done);
		if (ret != DISK_BLOCK)
			return ret < 0 ? ret : -EIO;
	}
	return 0;
}

static int read_batches(struct bench *b, uint64_t n)
{
	uint64_t depth = (uint64_t)b->value[DEPTH], now;
	int ret = 0;

	for (; n && !ret; n -= now) {
		now = n < depth ? n : depth;
		ret = batch(b->state, (unsigned int)now);
	}
	return ret;
}

static int verify(const struct bench *b, uint64_t n)
{
	return disk_requests(b) == n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct disk *d = b->state;

	if (d && d->more)
		io_uring_queue_exit(d->more);
	disk_teardown(b);
}
#else
static const char *supported(struct bench *b)
{
	(void)b;
	return "this program was built without liburing: 'scripts/setup build' installs it";
}

static int read_batches(struct bench *b, uint64_t n)
{
	(void)b;
	(void)n;
	return -ENOSYS;
}

#define setup NULL
#define verify NULL
#define teardown NULL
#endif

static const struct expectation expected[] = {
	NOTIFIES(0.98, 1.02,
		 "one for all requests submitted together: virtio_blk.c virtio_queue_rqs. Measured "
		 "0.0625 with 16 on SVM, 2026-11-22"),
	WAITS(1),
	{ .source = NULL },
};

/* The bands are per submission. */
static void adapt(const struct bench *b, struct expectation *e)
{
	e->low /= (double)b->value[DEPTH];
	e->high /= (double)b->value[DEPTH];
}

WORKLOAD(io_uring_read) = {
	.name = "io.uring",
	.summary = "read 4 KiB blocks of the named disk, many at once, by io_uring",
	.op = "read",
	.control = "io.blk.read",
	.parameter = parameters,
	.alone = "the disk can be opened by one process only",
	.supported = supported,
	.setup = setup,
	.run = read_batches,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
	.adapt = adapt,
};
