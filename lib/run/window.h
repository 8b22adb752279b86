/* SPDX-License-Identifier: MIT */
/* The measured interval: two readings of the counters around a loop. */
#ifndef RUN_WINDOW_H
#define RUN_WINDOW_H

#include "exitprobe.h"
#include "result/result.h"
#include "workload.h"

/*
 * One counted interval around w->run(r, ops). probe NULL or without counters: time only. Fills
 * every field of s except repeat and order; s->exits and s->busy are arrays of exitprobe_slots() or
 * NULL. Returns 0 or a negative errno with r->why.
 */
struct window {
	const struct exitprobe *probe;
	struct exitprobe_snapshot before, after;
	const int *cpu; /* [cpus]: all that a sample runs on at once; the first is b->cpu */
	size_t cpus;    /* 0 or 1: b->cpu alone */
};
int window_run(struct window *win, struct bench *r, struct result_sample *s);
int window_loop(struct bench *r); /* only the workload's loop, between the two readings */
/* Derive a window's exits from its two readings, the closing reading's own subtracted. */
int window_close(struct window *win, struct result_sample *s);
/* A copy of the first n counts of a reading, to free(); n 0: none. Returns 0 or -ENOMEM. */
int window_copy_counts(const struct exitprobe_snapshot *s, size_t n, uint64_t **out);

struct usage usage_read(void);
struct usage usage_since(const struct usage *before);

static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	/* Fences on both sides: neither CPUID (an exit) nor RDTSCP (absent on old models) is
	 * needed. */
	__asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

#endif
