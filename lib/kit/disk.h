/* SPDX-License-Identifier: MIT */
/* The disk that the user named for workloads to write to. */
#ifndef KIT_DISK_H
#define KIT_DISK_H

#include "workload.h"

/* The disk that the user named and no other process uses, opened by setup() (lib/kit/disk.c). */
#define DISK_BLOCK 4096
struct disk {
	int fd;
	char *buffer;   /* one block, aligned */
	uint64_t place; /* blocks done so far */
	uint64_t blocks;
	uint64_t requests; /* completed by the kernel when disk_mark() was called */
	void *more;        /* private to the workload; disk_teardown() frees it */
};
const char *disk_unusable(const struct bench *b); /* reason, or NULL; writes nothing */
int disk_setup(struct bench *b, int flags);       /* b->state = struct disk */
/* Offset of the next block in bytes; never next to the previous one, so that requests do not
 * merge. */
int64_t disk_next(struct disk *d);
/* For verify(): requests that the kernel has completed since disk_mark(), which ends setup(). */
void disk_mark(struct disk *d); /* disk_setup() calls it, too */
uint64_t disk_requests(const struct bench *b);
void disk_teardown(struct bench *b);

#endif
