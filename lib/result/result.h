/* SPDX-License-Identifier: MIT */
/*
 * The result file, in memory. lib/result is the only code that knows JSON: run fills these
 * structures and writes them, compare and report read them back. Published form:
 * docs/result.schema.json.
 *
 * A struct result owns all that it points to; result_free() frees it. Strings are UTF-8; the reader
 * replaces invalid bytes.
 */
#ifndef RESULT_H
#define RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "exitprobe.h"

/* Controls in every run: the workload that only spins, and the empty loop. */
#define CONTROL_SPIN "spin"
#define CONTROL_NULL "null"

#define RESULT_SCHEMA "kvm-exit-suite/result"
#define RESULT_MAJOR 1
#define RESULT_MINOR 2

/* Buckets of a histogram: bucket i counts exits of [2^i, 2^(i+1)) host TSC cycles. */
#define RESULT_BUCKETS 64

/* What the kernel charged to the workload (self, threads and reaped children), read outside the
 * counted interval. */
struct result_usage {
	uint64_t minor_faults, major_faults;
	uint64_t voluntary_switches, involuntary_switches;
};

/* One vCPU's share of a window on several. */
struct result_vcpu {
	uint32_t cpu;
	uint64_t cycles; /* guest TSC, its own share of the window */
	uint64_t *exits; /* [result.reasons] of this vCPU; NULL: unavailable */
};

/* One measured window. Raw integers only; nothing here is estimated. */
struct result_sample {
	uint32_t repeat; /* randomised block, from 0 */
	uint32_t order;  /* position in the whole run, from 0 */
	uint64_t ops;    /* operations done */
	uint64_t cycles; /* guest TSC */
	uint64_t *exits; /* [result.reasons]: exits in the window, the probe's own subtracted; NULL:
			    unavailable */
	uint64_t *busy;  /* [result.reasons]: host TSC cycles, or NULL */
	struct result_usage usage;
	uint64_t steal;           /* ticks of /proc/stat on the CPU during the whole sample */
	uint32_t cpu;             /* where it ended */
	bool migrated;            /* the CPU changed inside the window */
	struct result_vcpu *vcpu; /* if the window ran on several at once, else NULL */
	size_t vcpus;
};

/* Band of exits per op that a workload declares for the machine it ran on, resolved (vendor,
 * paging, PTI, mechanism). */
struct result_expectation {
	enum exitprobe_class exit_class;
	double low, high;
	char *source;
};

struct result_parameter {
	char *name;
	int64_t value;
};

enum result_status { RESULT_DONE, RESULT_SKIPPED, RESULT_FAILED, RESULT_PARTIAL };

struct result_workload {
	char *name; /* family.variant */
	char *summary;
	char *op;        /* unit: "page", "round trip" */
	char *control;   /* name of the control workload, or NULL */
	char *mechanism; /* which of several ways the workload used ("port 0x80"), or NULL */
	/* An external program's command line and output in its last window, or NULL. */
	char *command, *output;
	enum result_status status;
	char *reason; /* why skipped or failed, else NULL */
	struct result_parameter *parameter;
	size_t parameters;
	struct result_expectation *expectation;
	size_t expectations;
	struct result_sample *sample; /* in order of execution, without warm-up */
	size_t samples;
};

/* What the environment was, as text; the keys are open-ended ("guest_kernel", "clocksource",
 * "thp", "pti"...). */
struct result_label {
	char *name, *value;
};

struct result_calibration {
	double tsc_khz;          /* guest TSC against CLOCK_MONOTONIC_RAW over the run */
	uint32_t brackets;       /* empty windows measured */
	uint32_t brackets_exact; /* of these, with exactly the analytic cost in CPUID exits */
	uint32_t bracket_cost;   /* analytic CPUID exits of the last reading, subtracted from every
				    window */
	uint32_t clock_exits; /* exits of 1,000 clock_gettime calls beyond background; 0 for a good
				 clocksource */
};

/*
 * The source of an imported listing's counts. It has no samples: only counters.before (the first
 * reading of each reason) and counters.after (the last).
 */
struct result_dump {
	char *source; /* the text file */
	uint64_t readings;
	bool has_total; /* the listing states the number of all exits */
	uint64_t total_first, total_last;
};

struct result {
	char *path; /* the file it was read from, or NULL */
	uint32_t major, minor;
	bool complete;
	char *tool_version;
	char *started; /* UTC, ISO 8601 */

	struct result_label *label;
	size_t labels;

	/* Probe. backend NONE: no exits anywhere in the file, `why` says why. */
	enum exitprobe_backend backend;
	enum exitprobe_vendor vendor;
	enum exitprobe_paging paging;           /* as the hypervisor reports it */
	char *paging_source;                    /* "leaf 0x4fffff01", "not available" */
	enum exitprobe_fingerprint fingerprint; /* of the counts since the VM started */
	uint32_t abi, vcpus, instance, host_tsc_khz;
	bool counts_l2;
	char *why;

	uint64_t seed;
	uint32_t repeat;
	struct result_calibration calibration;

	/* Reasons that index the arrays of a sample. */
	uint32_t *reason; /* codes of .vendor */
	size_t reasons;
	uint64_t *before, *after; /* [reasons]: counters at the start and the end of the run, since
				     the VM started */
	/* When these were read, in seconds since the guest's kernel started. 0: not recorded. */
	double before_seconds, after_seconds;
	/* [reasons][RESULT_BUCKETS]: busy time of the exits between the two, or NULL */
	uint64_t *histogram;

	struct result_workload *workload;
	size_t workloads;

	struct result_dump *dump; /* from 'suite import', else NULL */
};

/* Room for one more workload (zeroed) or one more sample of a workload with its arrays; NULL if out
 * of memory. */
struct result_workload *result_add_workload(struct result *r);
struct result_sample *result_add_sample(struct result *r, struct result_workload *w);
/* Room for n vCPUs' shares of a sample. 0, or -ENOMEM and the sample is unchanged. */
int result_add_vcpus(const struct result *r, struct result_sample *s, size_t n);
/* Drop the newest sample, which was not finished. */
void result_drop_sample(struct result_workload *w);
/* Free the samples; estimates made from them stay valid. */
void result_forget_samples(struct result *r);
int result_add_label(struct result *r, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int result_add_parameter(struct result_workload *w, const char *name, int64_t value);
int result_add_expectation(struct result_workload *w, enum exitprobe_class exit_class, double low,
			   double high, const char *source);
const char *result_label(const struct result *r, const char *name); /* NULL if absent */
/*
 * All exits from the VM's start to the end of the run: the sum over all reasons, or a listing's own
 * total if that is larger (it need not list every reason). 0 without counters.
 */
uint64_t result_exits(const struct result *r);
const struct result_workload *result_find(const struct result *r, const char *name);
void result_free(struct result *r);

/*
 * Write to PATH through a temporary file in its folder and rename: PATH has either the old content
 * or the complete new one. "-" writes to standard output. Returns 0 or a negative errno; message
 * then has one line with the cause and a remedy.
 */
int result_write(const struct result *r, const char *path, char *message, size_t size);

/* The same into an open stream. Returns 0 or a negative errno. */
int result_write_stream(const struct result *r, FILE *f);

/*
 * Can PATH be written? To ask before hours of measuring: creates and removes the temporary file.
 * Same returns and message.
 */
int result_writable(const char *path, char *message, size_t size);

/* Read and check. Returns 0, or -EINVAL (not JSON, not a result, truncated), -EPROTO (unknown major
 * version), other negative errno; message then has one line that names the file, the place (line,
 * key) and a remedy. */
int result_read(struct result *r, const char *path, char *message, size_t size);

const char *result_status_name(enum result_status status);

#endif
