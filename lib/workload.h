/* SPDX-License-Identifier: MIT */
/*
 * All that a workload sees. One mechanism per file in workloads/; a file registers itself, adding
 * one touches no other file. A workload never reads counters and never prints; it does exactly n
 * operations and returns.
 *
 * One sample: setup, [counted: run], verify, teardown. All four happen in one process, pinned to
 * one CPU. Functions return 0 or a negative errno and may say more in b->why.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct expectation; /* expect.h */

/* What the kernel accounted to this process and its reaped children between just before and just
 * after run(). */
struct usage {
	uint64_t minor_faults, major_faults;
	uint64_t voluntary_switches, involuntary_switches;
};

struct bench {
	const struct workload *workload;
	uint64_t ops;         /* operations of this sample, known to setup() */
	const int64_t *value; /* [parameter]: in the order of the workload's table; set before
				 supported() */
	/* Devices that the user named for us, which we may write to; NULL where none was. */
	const char *disk, *serial, *net;
	int cpu;               /* the CPU everything is pinned to */
	int cpus;              /* CPUs online */
	struct usage usage;    /* for verify() */
	void *state;           /* the workload's own, made by setup(), gone with teardown() */
	const char *mechanism; /* set by supported() or setup() where there are several ways; a
				  constant string */
	/* The workload's; supported() corrects them where the ways or the parameters differ. */
	double kernel_entries, flushes;
	uint64_t max_ops, multiple;
	uint64_t done; /* operations that run() counted, for verify(): where the kernel accounts
			  for nothing, or not to the last one */
	/* Of a workload that runs somebody else's program: the command line of its last window, and
	 * what the program said there, bounded. They belong to the engine. */
	char *command, *output;
	char why[160];
};

/* What `--set WORKLOAD.NAME=VALUE` changes. */
struct parameter {
	const char *name;
	int64_t value; /* default */
	int64_t min, max;
	const char *unit; /* "pages", "KiB"; "" where it is a plain number */
	const char *text; /* one line */
};

struct workload {
	const char *name;    /* "family.variant" or "family" */
	const char *summary; /* one line */
	const char *op;      /* unit of run(): "page", "round trip" */
	const char *control; /* name of the workload that isolates the mechanism, or NULL */
	uint64_t max_ops; /* of one sample, 0: no limit (memory that one op keeps until teardown) */
	uint64_t multiple; /* a sample's operations are one of so many, 0: any number (a queue or a
			      FIFO that is filled at once) */
	const struct parameter *parameter; /* ends with a NULL name, or NULL */
	const struct expectation *expect;  /* ends with a NULL source */
	/*
	 * Where a band depends on parameters: called with a copy of each line of `expect` that
	 * holds here, to change low and high. Optional; without it the bands hold for all values.
	 */
	void (*adapt)(const struct bench *b, struct expectation *e);
	/*
	 * User-kernel-user round trips of one op (system calls, faults, signals). Under shadow
	 * paging with page-table isolation each adds KERNEL_ENTRY_CR exits of class CR_ACCESS.
	 */
	double kernel_entries;
	/*
	 * Flushes of a single page that one op makes the guest's kernel do. Under shadow paging
	 * each is one exit of class INVLPG, and with page-table isolation and INVPCID another, for
	 * the user's half.
	 */
	double flushes;
	/* Why not on several vCPUs at once (`run --vcpus`): one device, or all CPUs already. NULL:
	 * each gets a process of its own. */
	const char *alone;
	/*
	 * Somebody else's program that run() starts ("fio"), or NULL. It is chosen by name or
	 * family only, never by "all"; starting it is part of every window and drops out of the
	 * slope, so that the samples are made long beside it.
	 */
	const char *program;
	/* It needs memory that the guest has never used: all its samples come before those of the
	 * others, and before --warm-memory. */
	bool cold;

	const char *(*supported)(struct bench *b); /* reason why not, or NULL; optional */
	int (*setup)(struct bench *b);             /* optional */
	int (*run)(struct bench *b, uint64_t n);   /* exactly n operations */
	/*
	 * For a program: after the window, b->done becomes the operations that it says it did; they
	 * and not n are the sample's. With it, run() asks for n, which need not be what is done.
	 */
	int (*account)(struct bench *b);
	int (*verify)(const struct bench *b,
		      uint64_t n); /* optional: -ERANGE when the kernel's accounting disagrees */
	void (*teardown)(struct bench *b); /* optional; also after a failed setup() */
};

/* A pointer in a section of its own; the linker's __start_ and __stop_ symbols bound the registry.
 */
#define WORKLOAD(id)                                                       \
	static const struct workload id;                                   \
	static const struct workload *const id##_entry                     \
		__attribute__((used, retain, section("workloads"))) = &id; \
	static const struct workload id

/*
 * Workloads that are not in the registry until somebody names them: make() gets what follows
 * "NAME." and returns one that lives as long as the program, or NULL.
 */
struct workload_family {
	const char *name;
	const struct workload *(*make)(const char *variant);
};

#define WORKLOAD_FAMILY(id)                                               \
	static const struct workload_family id;                           \
	static const struct workload_family *const id##_entry             \
		__attribute__((used, retain, section("families"))) = &id; \
	static const struct workload_family id

#endif
