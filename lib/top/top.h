/* SPDX-License-Identifier: MIT */
/*
 * Live rates of all exit counters. Sampler -> rows -> screen or lines. The sampler keeps a ledger
 * of the CPUID exits that it makes itself, so that they are in none of its numbers.
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

/* One account of counters: that of the VM, or of one vCPU. */
struct top_account {
	int cpu; /* the guest's number; -1: all */
	struct exitprobe_snapshot last;
	bool started;
	uint32_t outstanding; /* own CPUID exits on it since `last` */
	uint64_t delta[EXITPROBE_SLOTS], busy[EXITPROBE_SLOTS];       /* of the last interval */
	uint64_t total[EXITPROBE_SLOTS], total_busy[EXITPROBE_SLOTS]; /* since the start */
};

struct top {
	const struct exitprobe *probe;
	bool per_vcpu; /* may change at any time */
	struct top_account vm, *vcpu;
	int vcpus;
	int home;                      /* CPU on which the VM's account is read */
	double begun, at, seconds;     /* start, last reading, length of the last interval */
	uint64_t own, own_total;       /* CPUID exits of our own: last interval, since the start */
	float (*history)[TOP_HISTORY]; /* [EXITPROBE_SLOTS + 1]: rates, the last one all together */
	size_t looks;                  /* intervals so far */
};

/* The first reading. 0, or -errno of the probe or of memory. */
int top_open(struct top *t, const struct exitprobe *p, bool per_vcpu);
/* One more reading: an interval ends. 0 or -errno of the probe. */
int top_look(struct top *t);
void top_close(struct top *t);
double top_now(void);

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
 * Reasons that have occurred since the start. filter: part of a name, class or key, in any case;
 * "" is all.
 */
void top_rows(struct top_rows *r, const struct top *t, const struct top_account *a,
	      enum top_order order, bool reverse, const char *filter);
/* Value of a history, `age` intervals ago; slot EXITPROBE_SLOTS is all together. NaN: not there. */
double top_past(const struct top *t, uint32_t slot, size_t age);

/* What a sparkline needs: `width` cells of the newest history, scaled to their largest. */
void top_spark(const struct top *t, uint32_t slot, int width, bool utf8, char *text, size_t size);

struct top_settings {
	double interval; /* seconds */
	uint64_t count;  /* intervals; 0: no end */
	bool csv, per_vcpu, colour;
	enum top_order order;
	const char *filter;
};

/* Both return 0 or -errno; a signal ends them and is in `interrupted`. */
int top_batch(struct top *t, const struct top_settings *s, FILE *out);
/* -ENOTTY: this terminal cannot place a cursor. */
int top_screen(struct top *t, struct top_settings *s);

/* A terminal that nobody describes: ncurses' own form, and the name in it. */
extern const char top_terminfo[];
#define TOP_TERM "suite-ansi"

#endif
