// SPDX-License-Identifier: MIT
/* Helpers for workloads that write to the disk that the user named. */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kit/disk.h"
#include "workload.h"

#define SPAN 2048 /* blocks at the start of the disk, used in turn */
#define APART 2   /* blocks from one request to the next */

/* O_EXCL: fails if the disk or a partition of it is mounted or otherwise in use. */
static int open_alone(const struct bench *b, int flags)
{
	int fd = open(b->disk, flags | O_EXCL | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

const char *disk_unusable(const struct bench *b)
{
	struct stat st;
	int fd;

	if (!b->disk)
		return "no disk was named: --disk DEVICE (its contents will be overwritten)";
	if (stat(b->disk, &st) || !S_ISBLK(st.st_mode))
		return "the file that --disk names is not a block device";
	fd = open_alone(b, O_RDWR);
	if (fd == -EBUSY)
		return "the disk is in use: unmount it first";
	if (fd < 0)
		return "the disk cannot be opened for writing: this needs root";
	close(fd);
	return NULL;
}

/* Completed reads, writes and flushes: Documentation/block/stat.rst, fields 1, 5 and 16; and the
 * requests in flight, field 9. False if they cannot be read. */
static bool statistics(const char *path, uint64_t *sum, uint64_t *in_flight)
{
	uint64_t v[17] = { 0 };
	size_t n = 0;
	FILE *f = fopen(path, "re");

	if (!f)
		return false;
	while (n < 17 && fscanf(f, "%" SCNu64, &v[n]) == 1)
		n++;
	fclose(f);
	*sum = v[0] + v[4] + v[15];
	*in_flight = v[8];
	return true;
}

/*
 * A waiter is woken before its request is counted (block/blk-mq.c blk_mq_end_request), perhaps by
 * another CPU: while the last request is in flight the count lacks it. For a disk that others keep
 * busy the current count must do.
 */
static uint64_t completed(const struct disk *d)
{
	uint64_t sum = 0, in_flight;
	char path[64];
	struct stat st;
	int i;

	if (fstat(d->fd, &st))
		return 0;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/stat", major(st.st_rdev),
		 minor(st.st_rdev));
	for (i = 0; i < 1000; i++) {
		if (!statistics(path, &sum, &in_flight) || !in_flight)
			break;
		sched_yield();
	}
	return sum;
}

int disk_setup(struct bench *b, int flags)
{
	struct disk *d = calloc(1, sizeof(*d));
	uint64_t size;

	if (!d)
		return -ENOMEM;
	b->state = d;
	d->fd = open_alone(b, flags);
	if (d->fd < 0)
		return d->fd;
	if (ioctl(d->fd, BLKGETSIZE64, &size))
		return -errno;
	d->blocks = size / DISK_BLOCK < SPAN ? size / DISK_BLOCK : SPAN;
	if (d->blocks <= APART)
		return -ENOSPC;
	if (posix_memalign((void **)&d->buffer, DISK_BLOCK, DISK_BLOCK))
		return -ENOMEM;
	memset(d->buffer, 0x5a, DISK_BLOCK);
	disk_mark(d);
	return 0;
}

void disk_mark(struct disk *d)
{
	d->requests = completed(d);
}

int64_t disk_next(struct disk *d)
{
	return (int64_t)(d->place++ * APART % d->blocks * DISK_BLOCK);
}

uint64_t disk_requests(const struct bench *b)
{
	const struct disk *d = b->state;

	return completed(d) - d->requests;
}

void disk_teardown(struct bench *b)
{
	struct disk *d = b->state;

	if (!d)
		return;
	if (d->fd >= 0)
		close(d->fd);
	free(d->buffer);
	free(d->more);
	free(d);
	b->state = NULL;
}
