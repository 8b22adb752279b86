/* SPDX-License-Identifier: MIT */
/*
 * Live rates of all exit counters. Sampler -> rows -> screen or lines. The sampler accounts for the
 * CPUID exits that it causes, so that none of its numbers include them.
 */
#ifndef TOP_H
#define TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/options.h"
#include "exitprobe.h"

#define TOP_VCPUS 64
#define TOP_HISTORY 128

/* An account of counters: of the VM, or of one vCPU. */
struct top_account {
	int cpu; /* the guest's CPU number; -1: all */
	struct exitprobe_snapshot last;
	bool started;
	uint32_t outstanding; /* our own CPUID exits on it since `last` */
	uint64_t delta[EXITPROBE_SLOTS], busy[EXITPROBE_SLOTS];       /* of the last interval */
	uint64_t total[EXITPROBE_SLOTS], total_busy[EXITPROBE_SLOTS]; /* since the start */
};

struct top {
	const struct exitprobe *probe;
	bool per_vcpu; /* may change at any time */
	struct top_account vm, *vcpu;
	int vcpus;
	int home;                      /* CPU that reads the VM's account */
	double begun, at, seconds;     /* start, last reading, last interval */
	uint64_t own, own_total;       /* our own CPUID exits: last interval, since the start */
	float (*history)[TOP_HISTORY]; /* [EXITPROBE_SLOTS + 1]: rates, then their sum */
	size_t looks;                  /* intervals so far */
};

/* Make the first reading. 0, or -errno of the probe, or -ENOMEM. */
int top_open(struct top *t, const struct exitprobe *p, bool per_vcpu);
/* Make another reading, which ends an interval. 0 or -errno of the probe. */
int top_look(struct top *t);
void top_close(struct top *t);

enum top_order { TOP_BY_RATE, TOP_BY_TOTAL, TOP_BY_BUSY, TOP_BY_NAME, TOP_ORDERS };
extern const struct choice top_orders[];

struct top_row {
	uint32_t slot;
	const char *name, *exit_class;
	char key[24];
	uint64_t delta, total, busy, total_busy;
	double rate;
};

struct top_rows {
	struct top_row row[EXITPROBE_SLOTS];
	size_t rows;
	uint64_t delta, total; /* of all reasons, whatever the filter */
	double rate;
};

/*
 * Reasons that have occurred since the start. filter: part of a name, class or key, ignoring case;
 * "" matches all.
 */
void top_rows(struct top_rows *r, const struct top *t, const struct top_account *a,
	      enum top_order order, bool reverse, const char *filter);
/* A slot's rate `age` intervals ago; slot EXITPROBE_SLOTS is their sum. NaN: not recorded. */
double top_past(const struct top *t, uint32_t slot, size_t age);

/* Draw a sparkline: `width` cells of the newest history, scaled to their maximum. */
void top_spark(const struct top *t, uint32_t slot, int width, bool utf8, char *text, size_t size);

struct top_settings {
	double interval; /* seconds */
	uint64_t count;  /* intervals; 0: endless */
	bool csv, per_vcpu, colour;
	enum top_order order;
	const char *filter;
};

/* Both return 0 or -errno; a signal ends them and is recorded in `interrupted`. */
int top_batch(struct top *t, const struct top_settings *s, FILE *out);
/* -ENOTTY: this terminal cannot place a cursor. */
int top_screen(struct top *t, struct top_settings *s);

/* A description for terminals without one: in ncurses' compiled form, and its name. */
extern const char top_terminfo[];
#define TOP_TERM "suite-ansi"

#endif
