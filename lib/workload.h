/* SPDX-License-Identifier: MIT */
/*
 * The contract of a workload. One mechanism per file in workloads/; a file registers itself, so
 * adding one touches no other file. A workload never reads counters and never prints; it does
 * exactly n operations and returns.
 *
 * One sample: setup, [counted: run], verify, teardown. All four happen in one process, pinned to
 * one CPU. Functions return 0 or a negative errno and may explain it in b->why.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct expectation; /* expect.h */

/* What the kernel charged to this process and its reaped children from just before to just after
 * run(). */
struct usage {
	uint64_t minor_faults, major_faults;
	uint64_t voluntary_switches, involuntary_switches;
};

struct bench {
	const struct workload *workload;
	uint64_t ops;         /* operations of this sample, known to setup() */
	const int64_t *value; /* [parameter]: in the order of the workload's table; set before
				 supported() */
	/* Devices that the user named and we may write to; NULL if not named. */
	const char *disk, *serial, *net;
	int cpu;               /* the CPU everything is pinned to */
	int cpus;              /* CPUs online */
	struct usage usage;    /* for verify() */
	void *state;           /* private to the workload: made by setup(), freed by teardown() */
	const char *mechanism; /* set by supported() or setup() if there are several; a constant
				  string */
	/* Copied from the workload; supported() corrects them where mechanism or parameters
	 * matter. */
	double kernel_entries, flushes;
	uint64_t max_ops, multiple;
	uint64_t done; /* operations that run() counted, for verify(): where the kernel's accounting
			  is missing or inexact */
	/* For an external program: the command line of its last window and the output there,
	 * bounded. The engine owns them. */
	char *command, *output;
	char why[160];
};

/* What `--set WORKLOAD.NAME=VALUE` changes. */
struct parameter {
	const char *name;
	int64_t value; /* default */
	int64_t min, max;
	const char *unit; /* "pages", "KiB"; "" for a plain number */
	const char *text; /* one line */
};

struct workload {
	const char *name;    /* "family.variant" or "family" */
	const char *summary; /* one line */
	const char *op;      /* unit of run(): "page", "round trip" */
	const char *control; /* name of the workload that isolates the mechanism, or NULL */
	uint64_t max_ops;    /* of one sample, 0: no limit (an op may keep memory until teardown) */
	uint64_t multiple;   /* a sample's operations are a multiple of this, 0: any number (a queue
				or a FIFO is filled as a whole) */
	const struct parameter *parameter; /* ends with a NULL name, or NULL */
	const struct expectation *expect;  /* ends with a NULL source */
	/*
	 * For bands that depend on parameters: called with a copy of each line of `expect` that
	 * applies here, to change low and high. Optional; without it the bands hold for all values.
	 */
	void (*adapt)(const struct bench *b, struct expectation *e);
	/*
	 * Kernel entries of one op, each with its return (system calls, faults, signals). Under
	 * shadow paging with page-table isolation each adds KERNEL_ENTRY_CR exits of class
	 * CR_ACCESS.
	 */
	double kernel_entries;
	/*
	 * Single-page TLB flushes that the guest's kernel does for one op. Under shadow paging each
	 * is one exit of class INVLPG, and with page-table isolation and INVPCID a second one, for
	 * the user half.
	 */
	double flushes;
	/* Why it cannot run on several vCPUs at once (`run --vcpus`): it needs the one device, or
	 * uses several CPUs already. NULL: it can, with one process per vCPU. */
	const char *alone;
	/*
	 * The external program that run() starts ("fio"), or NULL. Chosen by name or family only,
	 * never by "all". Its start is part of every window and drops out of the slope, so samples
	 * are made long compared with it.
	 */
	const char *program;
	/* It needs memory that the guest has never used: all its samples come before those of other
	 * workloads and before --warm-memory. */
	bool cold;

	const char *(*supported)(struct bench *b); /* why it cannot run here, or NULL; optional */
	int (*setup)(struct bench *b);             /* optional */
	int (*run)(struct bench *b, uint64_t n);   /* exactly n operations */
	/*
	 * For an external program: after the window, set b->done to the operations that it reports;
	 * the sample gets that number instead of n, which run() only asked for.
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
 * Workloads that enter the registry only when the user names them: make() gets what follows "NAME."
 * and returns one that lives as long as the program, or NULL.
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
