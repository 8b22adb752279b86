// SPDX-License-Identifier: MIT
#include "summary/warnings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/paging.h"
#include "text/emit.h"

/* Clock reads that may exit for other reasons (ticks) out of the calibration's 1,000. */
#define CLOCK_EXITS 100

/* Share of windows above which a disturbance is reported. */
#define SHARE 10 /* one in ten */

/* Empty windows that must cost exactly what the probe says, in percent: docs/method.md. */
#define EXACT 90

/* Half-width of an interval above which it is reported: of the estimate, or of one exit per op. */
#define PRECISION 0.01
#define WIDE_NAMED 4

static size_t most_blocks(const struct estimate *e)
{
	size_t i, most = 0;

	for (i = 0; i < e->workloads; i++)
		if (e->workload[i].blocks > most)
			most = e->workload[i].blocks;
	return most;
}

static void about_run(const struct estimate *e, const struct emitter *s)
{
	const struct result *r = e->result;
	size_t blocks = most_blocks(e);

	if (!r->complete)
		emit_line(s, "the run was not completed: %zu of %u repeats are complete", blocks,
			  r->repeat);
	if (blocks && blocks < 5)
		emit_line(s,
			  "%zu repeat%s: the interval covers only %s; use --repeat 5 (93.8 %%) "
			  "or "
			  "more",
			  blocks, blocks == 1 ? "" : "s",
			  blocks == 1   ? "nothing"
			  : blocks == 2 ? "50 %"
			  : blocks == 3 ? "75 %"
					: "87.5 %");
}

static void about_counters(const struct estimate *e, const struct emitter *s)
{
	const struct result *r = e->result;
	const struct result_calibration *c = &r->calibration;
	const char *clock = result_label(r, "clocksource");
	char text[512];

	if (paging_contradiction(r, text, sizeof(text)))
		emit_line(s, "%s", text);
	if (r->backend == EXITPROBE_NONE)
		return;
	if (!e->has_background && e->workloads)
		emit_line(
			s,
			"no samples of the control '%s': the background is still in all estimates; "
			"run it too",
			CONTROL_SPIN);
	if (c->brackets && c->brackets_exact * 100 < c->brackets * EXACT)
		emit_line(
			s,
			"only %u of %u empty windows cost exactly the probe's own exits: something "
			"else executes CPUID in this guest; end it and run again",
			c->brackets_exact, c->brackets);
	if (c->clock_exits >= CLOCK_EXITS)
		emit_line(
			s,
			"reading the clock (%s) causes exits, %u in 1,000 reads: choose kvm-clock "
			"or "
			"tsc as the guest's clocksource",
			clock ? clock : "unknown", c->clock_exits);
}

static void about_linearity(const struct estimate_workload *w, const struct emitter *s)
{
	const struct estimate_class *worst = NULL;
	size_t i;

	for (i = 0; i < w->classes; i++)
		if (w->exit_class[i].lack_of_fit > ESTIMATE_NONLINEAR &&
		    (!worst || w->exit_class[i].lack_of_fit > worst->lack_of_fit))
			worst = &w->exit_class[i];
	if (worst)
		emit_line(s,
			  "%s: %s exits do not grow in proportion to the operations (lack of fit "
			  "%.1f): "
			  "the estimate is an average over these sizes, try others with --ops",
			  w->w->name, exitprobe_class_name(worst->exit_class), worst->lack_of_fit);
}

static void about_workload(const struct estimate_workload *w, const struct emitter *s)
{
	about_linearity(w, s);
	if (w->migrated * SHARE > w->windows)
		emit_line(s, "%s: the CPU changed in %zu of %zu windows: choose one with --cpu",
			  w->w->name, w->migrated, w->windows);
	if (w->stolen * SHARE > w->windows)
		emit_line(s,
			  "%s: the host took the CPU away in %zu of %zu windows: its times are too "
			  "long, run on a quieter host",
			  w->w->name, w->stolen, w->windows);
	if (w->windows && !w->blocks)
		emit_line(
			s,
			"%s: no repeat has samples of two sizes, so nothing can be estimated: run "
			"it longer",
			w->w->name);
}

/* Half of the interval, in units of what is aimed at: 1 % or 0.01 exits per op. */
static double width(const struct stats_interval *i)
{
	double half = (i->hi - i->lo) / 2;

	return half > 0 ? half / (PRECISION * fmax(1, fabs(i->est))) : 0;
}

/* One line for all, with the same remedy. */
static void about_width(const struct estimate *e, const struct emitter *s)
{
	const struct estimate_class *c;
	char text[512] = "";
	size_t i, j, n = 0;

	for (i = 0; i < e->workloads; i++) {
		for (j = 0; j < e->workload[i].classes; j++) {
			c = &e->workload[i].exit_class[j];
			if (!c->declared || width(&c->per_op.interval) <= 1)
				continue;
			if (n++ < WIDE_NAMED)
				snprintf(text + strlen(text), sizeof(text) - strlen(text),
					 "%s%s %s %.1f %%", *text ? ", " : "",
					 e->workload[i].w->name,
					 exitprobe_class_name(c->exit_class),
					 100 * PRECISION * width(&c->per_op.interval));
		}
	}
	if (n)
		emit_line(s,
			  "%zu interval%s wider than +-1 %% (or 0.01 exits/op): %s%s; use a "
			  "quieter machine, more --repeat, or a longer --time",
			  n, n == 1 ? " is" : "s are", text, n > WIDE_NAMED ? ", ..." : "");
}

void warnings_each(const struct estimate *e, warnings_emit emit, void *context)
{
	const struct emitter s = { emit, context };
	size_t i;

	about_counters(e, &s);
	about_run(e, &s);
	for (i = 0; i < e->workloads; i++)
		about_workload(&e->workload[i], &s);
	about_width(e, &s);
}
