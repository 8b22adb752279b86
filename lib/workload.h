/* SPDX-License-Identifier: MIT */
/*
 * All that a workload sees. One mechanism per file in workloads/; a file registers itself, adding
 * one touches no other file. A workload never reads counters and never prints; it does exactly n
 * operations and returns.
 *
 * One sample: setup, [counted: run], verify, teardown. All four happen in one process, pinned to
 * one CPU. Functions return 0 or a negative errno and may say more in r->why.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exitprobe.h" /* for the names of vendors, paging modes and classes only */

/* What the kernel accounted to this process and its reaped children between just before and just
 * after run(). */
struct usage {
	uint64_t minor_faults, major_faults;
	uint64_t voluntary_switches, involuntary_switches;
};

struct run {
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
	double crossings, flushes;
	uint64_t max_ops, multiple;
	uint64_t done; /* operations that run() counted, for verify(): where the kernel accounts
			  for nothing, or not to the last one */
	/* Of a workload that runs somebody else's program: the command line of its last window, and
	 * what the program said there, bounded. They belong to the engine. */
	char *command, *words;
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

/*
 * Exits per operation that the mechanism must cause. A class that no line names is expected to stay
 * 0. Zero in a selecting field means "any".
 */
struct expectation {
	enum exitprobe_paging paging;
	enum exitprobe_class class;
	double low, high;
	enum exitprobe_vendor vendor;
	const char *mechanism;
	const char *pti;    /* "on" or "off": page-table isolation of the guest's kernel */
	const char *source; /* KVM file and function, and the measured value with its date */
};

/* With PTI each kernel entry and each return reads and writes CR3: entry/calling.h
 * SWITCH_TO_{KERNEL,USER}_CR3. */
#define CROSSING_CR 4

#define NESTED EXITPROBE_NESTED
#define SHADOW EXITPROBE_SHADOW
#define VMX EXITPROBE_VMX
#define SVM EXITPROBE_SVM
#define PAGE_FAULT EXITPROBE_PAGE_FAULT
#define NESTED_PAGE_FAULT EXITPROBE_NESTED_PAGE_FAULT
#define CR_ACCESS EXITPROBE_CR_ACCESS
#define INVLPG EXITPROBE_INVLPG
#define CPUID EXITPROBE_CPUID
#define IO EXITPROBE_IO
#define MSR EXITPROBE_MSR
#define HLT EXITPROBE_HLT
#define INTERRUPT EXITPROBE_INTERRUPT
#define MMIO EXITPROBE_MMIO
#define EXCEPTION EXITPROBE_EXCEPTION
#define INTERRUPT_WINDOW EXITPROBE_INTERRUPT_WINDOW

/* An integer mechanism: within 0.5 % of x, the room that the slope of a finite run needs. */
#define EXACTLY(x) (0.995 * (x)), (1.005 * (x))
#define BETWEEN(l, h) (l), (h)
/*
 * Notifications of a virtio device: each is one write to a page that is never mapped. virtio_mmio
 * and virtio_pci_modern have no other way (drivers/virtio/virtio_pci_common.c vp_notify).
 */
#define NOTIFIES(low, high, text)                                                                    \
	{ NESTED, NESTED_PAGE_FAULT,                                                                 \
	  (low),  (high),                                                                            \
	  SVM,    .source = "svm.c npf_interception, a write without a page; " text },               \
		{ NESTED, MMIO, (low),                                                               \
		  (high), VMX,  .source = "vmx.c handle_ept_misconfig, fast MMIO; " text },          \
		{ SHADOW, PAGE_FAULT, (low),                                                         \
		  (high), SVM,        .source = "mmu.c kvm_mmu_page_fault, a reserved bit; " text }, \
	{                                                                                            \
		SHADOW, EXCEPTION, (low), (high), VMX,                                               \
			.source = "mmu.c kvm_mmu_page_fault, a reserved bit; " text                  \
	}
/*
 * Waiting for a device: the CPU goes idle and halts, unless the device is done before that; its
 * interrupt wakes it, or comes in between. Which of them happens is the outer machine's scheduling.
 */
#define WAITS(times)                                                                          \
	{ 0, HLT, 0, 1.1 * (times), .source = "idle until the interrupt, or not yet" },       \
		{ 0, MSR, 0, 4 * (times),                                                     \
		  .source = "idle stops and starts the tick: tick-sched.c" },                 \
		{ 0, INTERRUPT, 0, 2 * (times), .source = "the device's interrupt: apic.c" }, \
	{                                                                                     \
		0, INTERRUPT_WINDOW, 0, 2.5 * (times),                                        \
			.source = "the interrupt waits for the guest to take it"              \
	}
/* Of class INVLPG: nothing beside .flushes. */
#define FLUSHES_ONLY 0, 0

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
	void (*adapt)(const struct run *r, struct expectation *e);
	/*
	 * User-kernel-user round trips of one op (system calls, faults, signals). Under shadow
	 * paging with page-table isolation each adds CROSSING_CR exits of class CR_ACCESS.
	 */
	double crossings;
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

	const char *(*supported)(struct run *r); /* reason why not, or NULL; optional */
	int (*setup)(struct run *r);             /* optional */
	int (*run)(struct run *r, uint64_t n);   /* exactly n operations */
	/*
	 * For a program: after the window, r->done becomes the operations that it says it did; they
	 * and not n are the sample's. With it, run() asks for n, which need not be what is done.
	 */
	int (*account)(struct run *r);
	int (*verify)(const struct run *r,
		      uint64_t n); /* optional: -ERANGE when the kernel's accounting disagrees */
	void (*teardown)(struct run *r); /* optional; also after a failed setup() */
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

/* Helpers that more than one workload needs (lib/run/help.c). */

/* Fork a child that runs body(r) pinned to r->cpu and exits with its result; it dies with its
 * parent. Returns its pid. */
int workload_child(struct run *r, int (*body)(struct run *r));
/* Kill and reap; a pid of 0 or less is ignored. */
void workload_reap(int pid);

/* verify() where the kernel accounts for nothing: the loop's own count must be n. */
int workload_counted(const struct run *r, uint64_t n);

/* Anonymous memory in pages of 4 KiB, never huge ones; NULL with errno. populate: mapped to pages
 * of its own already, though the program never touched it. */
#define PAGE 4096ul
void *workload_map(size_t size, bool populate);

/* Where nothing is mapped: an address on that alignment with size free bytes; NULL with errno. */
void *workload_place(size_t size, size_t alignment);

/*
 * So many writes to the entry of one huge page that KVM takes its table for no page table any more
 * (mmu.c detect_write_flooding): what comes later is the same, however many pages were given back.
 */
int workload_flood(void *huge_page);

/*
 * Whether this process may use a port, tried with one access: ioperm() may succeed and the access
 * fault all the same (the emulated SVM of QEMU checks the I/O permission bitmap wrongly).
 */
bool workload_port_works(uint16_t port, bool write);

/* Pin the calling thread. */
int workload_pin(int cpu);
/* Whether those that we wake wait until we sleep (SCHED_BATCH; children inherit it): then every
 * hand-over is one switch, and none is two. */
int workload_batch(bool on);
/* Whether this process runs until it sleeps, whatever a tick finds (SCHED_FIFO; children do not
 * inherit it). 0 or -errno: it takes CAP_SYS_NICE. */
int workload_ahead(bool on);
/* A CPU beside r->cpu that this process may use, or -1. */
int workload_other_cpu(const struct run *r);

/* A word in memory that two sides share and hand back and forth: each waits until it is theirs. */
struct baton {
	uint32_t holder, over; /* 0: the one who measures, 1: the partner */
};
/* done, unless NULL, counts them. */
int baton_round_trips(struct baton *b, uint64_t n, uint64_t *done);
void baton_echo(struct baton *b); /* hand it back until over */
void baton_end(struct baton *b);

/* The smallest program there is: it ends at once. A file descriptor to execute, or -errno. */
int workload_program(void);
/* Wait for a child that must end with status 0. */
int workload_wait(int pid);
/* fork(), the child ends at once, wait for it. 0 or -errno. */
int workload_fork(void);
/*
 * For setup() and teardown() of what forks in its window: with true, children get no heap (malloc),
 * which they must not touch, and pages of the stack that nothing uses any more are given back. What
 * a fork costs depends on how much memory is copied, and what the harness holds is no part of the
 * question.
 */
void workload_lean(bool on);

/* The disk that the user named, and nobody else uses, opened by setup() (lib/kit/disk.c). */
#define DISK_BLOCK 4096
struct disk {
	int fd;
	char *buffer;   /* one block, aligned */
	uint64_t place; /* blocks done so far */
	uint64_t blocks;
	uint64_t requests; /* that the kernel had completed on it when disk_mark() was called */
	void *more;        /* the workload's; disk_teardown() frees it */
};
const char *disk_unusable(const struct run *r); /* reason, or NULL; writes nothing */
int disk_setup(struct run *r, int flags);       /* r->state = struct disk */
/* Offset of the next block; never beside the one before, so that requests do not merge. */
int64_t disk_next(struct disk *d);
/* For verify(): requests that the kernel has completed since disk_mark(), the last act of setup().
 */
void disk_mark(struct disk *d); /* disk_setup() calls it, too */
uint64_t disk_requests(const struct run *r);
void disk_teardown(struct run *r);

/*
 * Somebody else's program (lib/kit/external.c). foreign_unusable(): why it cannot be used, or NULL;
 * asks it for its version once, which becomes r->mechanism ("fio 3.33"). least: {major, minor}.
 */
const char *foreign_unusable(struct run *r, const char *program, const unsigned int least[2]);
/* Whether PROGRAM ARGUMENT prints `word` among words that white space separates. */
bool foreign_knows(const char *program, const char *argument, const char *word);
int foreign_setup(struct run *r); /* r->state: a folder of its own, in which it will run */
/* A file in that folder, of one line or many. 0 or -errno. */
int foreign_write(const struct run *r, const char *name, const char *text);
/* Run it and wait for it; it must end with status 0. */
int foreign_run(struct run *r, const char *const *argv);
/*
 * What it left in a file of its folder, bounded, to free(); with r->command it becomes r->words,
 * after what it wrote to its standard output and error. NULL: there is no such file, or no memory.
 */
char *foreign_read(struct run *r, const char *name);
void foreign_teardown(struct run *r); /* ends what is left of it, and removes the folder */

/* Two pipes, one each way: the rope of every ping-pong. */
struct pipes {
	int to[2], back[2];
};
int pipes_open(struct pipes *p);
void pipes_close(struct pipes *p);
void pipes_hang_up(struct pipes *p);   /* end of file for the one who echoes */
int pipes_echo(const struct pipes *p); /* send back every byte until end of file */
/* done, unless NULL, counts them. */
int pipes_round_trips(const struct pipes *p, uint64_t n, uint64_t *done);

#endif
