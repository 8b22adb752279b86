/* SPDX-License-Identifier: MIT */
/*
 * What a boot costs, from mark to mark. A file of marks is a result file: each mark is a workload
 * "boot.NAME" with two samples, an empty one (0 operations, no exits: where every VM starts) and
 * the path from the previous mark (1 operation). docs/suite-boot.1.scd.
 */
#ifndef BOOT_H
#define BOOT_H

#include <stdio.h>

#include "result/result.h"

#define BOOT_PREFIX "boot."

/* One reading at a mark. */
struct boot_reading {
	struct exitprobe probe;
	struct exitprobe_snapshot counters;
	double uptime; /* seconds since the kernel started, including sleep */
};

/* Take a reading. 0, or -errno with the reason in b->probe.why. */
int boot_read(struct boot_reading *b);

/* Are file and reading from the same boot: the same VM, and no reset since? */
bool boot_same(const struct result *r, const struct boot_reading *b);

/*
 * Fill `r` (empty except for labels from the caller) with the marks of `old` (NULL: this is the
 * first mark) and the new one. 0, -ENOMEM, or -ERANGE: the counters ran backwards.
 */
int boot_mark(struct result *r, const struct result *old, const struct boot_reading *b,
	      const char *name);

/* A mark to be written. */
struct boot_record {
	const char *file, *name;
	const struct result *labels; /* its labels alone */
	char moved[4096];            /* where a file of another boot is now; "": there was none */
};

/*
 * Read the counters and add a mark to the file. Returns 0; -ENOMEM; or, with one line of message,
 * -EINVAL (the name, or a file that is not one of marks) or another negative errno.
 */
int boot_record(struct boot_record *q, char *message, size_t size);

/* Print exits by reason and mark. Returns false if the file has no marks. */
bool boot_show(const struct result *r, FILE *out);

#endif
