/* SPDX-License-Identifier: MIT */
/*
 * The engine: registry -> plan -> window -> samples. It fills a struct result and knows neither
 * JSON nor estimates.
 */
#ifndef RUN_H
#define RUN_H

#include "exitprobe.h"
#include "result/result.h"
#include "workload.h"

/* Sizes of a block's samples, as multiples of the smallest: the slope needs a spread
 * (docs/method.md). */
#define SIZES 4

/* One parameter of one workload that is not at its default. */
struct setting {
	const struct workload *workload;
	size_t parameter; /* position in its table */
	int64_t value;
	const struct workload *variant; /* made for that value of a list, else NULL */
};

struct options {
	const struct setting *setting; /* the last one of a parameter wins */
	size_t settings;
	uint32_t repeat;
	uint64_t seed;
	uint64_t ops;     /* smallest sample of every workload; 0: sized by time */
	double time;      /* seconds of one block of one workload; 0: as precision and budget say */
	double precision; /* half-width of an interval that is aimed at, in percent of the estimate
			     or hundredths of an exit per op; 0: not aimed at */
	double budget;    /* seconds that all samples may take together, where time is 0; 0: 4 s of
			     each workload */
	uint32_t warmup;  /* windows of each workload and block that are thrown away */
	int cpu;          /* -1: chosen */
	const int *cpus;  /* [vcpus]: workloads run on all of these at once; the first is cpu */
	size_t vcpus;     /* 0 and 1: on cpu alone */
	const char *disk, *serial, *net; /* what workloads may write to; NULL: nothing */
	double timeout;   /* seconds that one sample may take before it counts as stuck */
	bool warm_memory; /* touch all free memory first */
	/* Called between windows, never inside one. */
	void (*progress)(void *context, const char *workload, uint32_t repeat, size_t done,
			 size_t total, double seconds_left);
	void *context;
};

/* All workloads: the registered ones by name, then those that were made on demand. */
size_t registry_all(const struct workload *const **list);
const struct workload *registry_find(const char *name);
/* Room to mark all workloads, and all that may still be made: to free(); NULL without memory. */
#define REGISTRY_MADE 64
bool *registry_choice(void);
/*
 * Mark in chosen[] what a pattern selects: "all" (but programs of somebody else), a name, a family,
 * or a shell pattern; or what a family makes of that name. Returns how many it matched.
 */
size_t registry_select(const char *pattern, bool *chosen);
/* One more, that lives as long as the program. 0, or -ENOSPC when REGISTRY_MADE are made. */
int registry_add(const struct workload *w);
/* How many more registry_add() takes. */
size_t registry_room(void);
/* "cr3" of "cr3.pipe". */
void registry_family(const struct workload *w, char *family, size_t size);

/* Why it cannot run here, or NULL. Values are the parameters' defaults when NULL. */
const char *workload_unsupported(const struct workload *w, struct run *r);
void workload_defaults(const struct workload *w, int64_t *value);
#define PARAMETERS_MAX 16

/*
 * "WORKLOAD.PARAMETER=VALUE" (lib/catalog/parameter.c); WORKLOAD is anything that registry_select()
 * takes, and all of its workloads that have the parameter get the value. With "=V,V..." each gets
 * a variant for each value, "WORKLOAD@PARAMETER=V". Appends to a list that belongs to the caller.
 * 0, -ENOMEM, or -EINVAL with one line that names what exists.
 */
int parameter_set(struct setting **list, size_t *n, const char *text, char *message, size_t size);
int setting_add(struct setting **list, size_t *n, struct setting s);
/*
 * Variants of a workload (lib/catalog/sweep.c). sweep_add() makes them: -EEXIST when a value is
 * there twice, -ENOSPC when there are too many. sweep_choose(), when everything is set and chosen:
 * they are chosen in place of their workload, and have its other settings.
 */
int sweep_add(struct setting **list, size_t *n, const struct workload *w, size_t parameter,
	      const int64_t *value, size_t values);
int sweep_choose(struct setting **list, size_t *n, bool *chosen);
/* The defaults of a workload with its settings over them. */
void parameter_values(const struct workload *w, const struct setting *list, size_t n,
		      int64_t *value);

/*
 * One randomised block: positions in `order` of all n workloads, and for each the order of its
 * SIZES samples. Depends on seed and repeat alone.
 */
struct block {
	size_t *order;          /* [n] */
	uint8_t (*size)[SIZES]; /* [n][SIZES]: exponents 0..SIZES-1 */
};
int plan_block(struct block *b, size_t n, uint64_t seed, uint32_t repeat);
void plan_free(struct block *b);

/*
 * One counted interval around w->run(r, ops). probe NULL or without counters: time only. Fills
 * every field of s but repeat and order; s->exits and s->busy are arrays of exitprobe_slots() or
 * NULL.
 */
struct window {
	const struct exitprobe *probe;
	struct exitprobe_snapshot before, after;
	const int *cpu; /* [cpus]: all that a sample runs on at once; the first is run.cpu */
	size_t cpus;    /* 0 and 1: run.cpu alone */
};
int window_run(struct window *win, struct run *r, struct result_sample *s);
int window_loop(struct run *r); /* the workload's loop alone: what is between the two readings */
/* From the two readings of a window to its exits, the closing reading's own taken out. */
int window_close(struct window *win, struct result_sample *s);

struct usage usage_read(void);
struct usage usage_since(const struct usage *before);

/*
 * The processes of one sample on win->cpus vCPUs (team.c). team_sample() is set-up, window and
 * verification of all of them; teardown of our own share is the caller's. s->ops and s->usage are
 * the sums, and s->vcpu, where the caller made room, gets what each vCPU did.
 */
struct team;
struct team *team_make(const struct window *win, const struct run *r);
int team_sample(struct team *t, struct window *win, struct run *r, struct result_sample *s);
void team_end(struct team *t); /* kills who is left; NULL is ignored */

/* setup, window, verify, teardown. -errno with r->why filled in. */
int sample_run(struct window *win, struct run *r, struct result_sample *s, double timeout);

/* Empty brackets, TSC rate, cost of the clock. */
int calibrate(struct window *win, struct result_calibration *c);
struct clock_origin {
	uint64_t tsc;
	double seconds; /* CLOCK_MONOTONIC_RAW */
};
struct clock_origin calibrate_tsc_begin(void);
double calibrate_tsc_khz(const struct clock_origin *o); /* guest TSC rate since then */
double calibrate_uptime(void);                          /* seconds since the kernel started */

/*
 * r->histogram: busy time of the exits between the two calls, where the probe has histograms. s:
 * the reading just made. Return 0 or a negative errno. Cost: 16 exits for each reason that s has.
 */
int histograms_begin(struct result *r, const struct exitprobe *p,
		     const struct exitprobe_snapshot *s);
int histograms_end(struct result *r, const struct exitprobe *p, const struct exitprobe_snapshot *s);

/* What the probe found: backend, vendor, paging mode and the list of reasons. -ENOMEM or 0. */
int environment_probe(struct result *r, const struct exitprobe *p);
/* The time, UTC, by strftime()'s format. */
void environment_now(char *text, size_t size, const char *format);
/* "fixed" or "random": where the kernel puts this process' memory (lib/guest/layout.c). */
const char *layout(void);
/* Start this program again with a fixed layout, where that is needed and allowed; else return.
 * argv: from the command's name on. */
void layout_fix(int argc, char **argv);
/* Facts about this guest. Facts that the caller gave are there already and win. */
int environment_describe(struct result *r, const struct exitprobe *p);

/*
 * Run everything selected. Returns 0, -EINTR when a signal ended it early, or another negative
 * errno (out of memory, cannot pin). Workloads that fail or are skipped say so in their status.
 */
int run_all(struct result *r, const struct exitprobe *p, const struct workload *const *selected,
	    size_t n, const struct options *o);

/* Copy of the workload's expectations that hold for this vendor, paging mode, PTI and mechanism. */
int expectation_resolve(struct result_workload *out, const struct run *run, const struct result *r);

static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	/* Fences on both sides: neither CPUID (an exit) nor RDTSCP (absent on old models) is
	 * needed. */
	__asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

#endif
