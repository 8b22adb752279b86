/* SPDX-License-Identifier: MIT */
/*
 * Any command as a workload: windows around whole runs of it, interleaved with empty windows (a
 * process that ends at once instead of the command) and the spinning control. The result file is
 * like that of `suite run`: its workload has samples of 0 and of `ops` operations, so the same
 * estimators apply. docs/suite-exec.1.scd.
 */
#ifndef EXEC_H
#define EXEC_H

#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/options.h"
#include "estimate/estimate.h"
#include "run/window.h"

/* A child that waits for permission to start. */
struct exec_child {
	pid_t pid;
	int line; /* to the child; CLOEXEC on both sides */
};

/* Fork a child that will execute argv, or end at once if argv is NULL. Returns 0 once the child
 * waits, or -errno. */
int exec_start(struct exec_child *c, char **argv);
/*
 * Let it start and wait for its end. Signals that another process sends us are passed on; those of
 * the terminal reach the command directly; each is recorded in `interrupted`. Returns 0, or the
 * errno (positive) with which the command could not be started.
 */
int exec_finish(struct exec_child *c, int *status, struct rusage *usage);

/* Signals that exec_finish() waits for are blocked from here on, in this process alone. */
void exec_block_signals(void);

/* Collect signals that arrived while no child was running; sets `interrupted`. */
void exec_poll_signals(void);

/* As in a shell: the exit status, or 128 plus the signal. */
int exec_status(int status);

struct exec_times {
	double seconds, user, system;
	int status; /* from wait() */
};

struct exec_plan {
	char **argv;
	const char *name;  /* of the workload in the result file */
	uint64_t ops;      /* operations in one run of the command */
	bool ops_given;    /* else one run counts as one operation */
	uint32_t repeat;   /* runs */
	double background; /* seconds of spinning after each run; negative: as long as the run */
};

struct exec {
	const struct exec_plan *plan;
	struct result *r;
	struct window win;
	struct exec_times *times; /* [plan->repeat] */
	uint32_t done;            /* runs of the command in the result */
	int error;                /* errno if it could not be started, else 0 */
	double khz;
	uint32_t order;
	uint32_t reading; /* CPUID exits of the last closing reading, subtracted */
};

/*
 * Measure: fills x->r and x->times. Returns 0, also if a signal ended it early (r->complete is then
 * false), or -errno; x->error is positive if the command could not be started.
 */
int exec_measure(struct exec *x);

/* One exit reason of the command, for the table. */
struct exec_row {
	const struct estimate_row *estimate; /* per operation; background and start subtracted */
	struct stats_interval exits;         /* per run: whole numbers from the windows */
	double per_second;
	double background; /* exits that come with this much time; NaN: not measured */
	double limit;      /* its upper limit if none was seen, else NaN */
};

struct exec_table {
	const struct exec *x;
	struct estimate e;
	struct exec_row *row; /* most exits first */
	size_t rows;
	struct stats_interval seconds, total;
	double user, system, minor_faults, major_faults, voluntary, involuntary; /* medians */
	double spun; /* seconds of spinning in total */
};

/* 0 or -ENOMEM; exec_table_free() in both cases. */
int exec_table(struct exec_table *t, const struct exec *x);
void exec_table_free(struct exec_table *t);

/* Each form writes the whole table. 0 or -ENOMEM; ferror(out) tells of a stream that failed. */
int exec_text(const struct exec_table *t, FILE *out);
int exec_json(const struct exec_table *t, FILE *out);
int exec_csv(const struct exec_table *t, FILE *out);

struct exec_format {
	struct choice choice;
	int (*write)(const struct exec_table *t, FILE *out);
};
extern const struct exec_format exec_formats[];

/* The command's own status; of several runs, that of the last one that did not end well; of an
 * interruption between runs, that of the signal. */
int exec_passed_on(const struct exec *x);
/* The command line as a fact: what two files with the same name may differ in. 0 or -ENOMEM. */
int exec_describe(struct result *r, char **argv);

#endif
