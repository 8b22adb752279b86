// SPDX-License-Identifier: MIT
/* Whether exits come at a stable rate, and which take the most time. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "estimate/sides.h"
#include "summary/summary.h"
#include "text/format.h"

#define NAMED 3

static const char stable[] = "Do exits come at a stable rate?";
static const char time_question[] = "Which exits take the hypervisor's time?";

struct extremes {
	const struct estimate_workload *least, *most;
	double low, high;
};

static struct extremes find_extremes(const struct side *side)
{
	struct extremes x = { .low = INFINITY, .high = -INFINITY };
	const struct estimate_workload *w;
	double rate;
	size_t i;

	for (i = 0; i < side->e.workloads; i++) {
		w = &side->e.workload[i];
		rate = w->counted && strcmp(w->w->name, CONTROL_SPIN) ? side_rate(side, w) : NAN;
		if (isnan(rate))
			continue;
		if (rate < x.low) {
			x.low = rate;
			x.least = w;
		}
		if (rate > x.high) {
			x.high = rate;
			x.most = w;
		}
	}
	return x;
}

static double background_rate(const struct side *side)
{
	double all = 0;
	size_t i;

	for (i = 0; i < side->result->reasons; i++)
		all += side->e.per_cycle[i];
	return all * 1e9 / side->e.ns_per_cycle;
}

static void about_rate(struct summary *s, const struct side *side)
{
	struct extremes x = find_extremes(side);

	if (!x.least || x.least == x.most)
		return;
	summary_begin(s, "rate", stable);
	summary_words(s, "%c: no, the rate depends on what the guest does: from ", side->letter);
	summary_figure(s, x.low, NULL);
	summary_words(s, " exits a second in %s to ", x.least->w->name);
	summary_figure(s, x.high, NULL);
	summary_words(s, " in %s", x.most->w->name);
	if (side->e.has_background) {
		summary_words(s, "; ");
		summary_figure(s, background_rate(side), NULL);
		summary_words(s, " while the guest only spins");
	}
	summary_words(s, "%s.",
		      estimate_emulator(side->result) ? " (seconds of the emulator)" : "");
}

static void about_time(struct summary *s, const struct side *side)
{
	const struct exit_time *h = &side->exit_time;
	const struct exit_time_row *row;
	char text[FORMAT];
	double mean;
	size_t i;

	if (!h->cycles)
		return;
	summary_begin(s, "handling", time_question);
	summary_words(s, "%c: of all busy time in the windows", side->letter);
	for (i = 0; i < h->rows && i < NAMED && h->row[i].cycles; i++) {
		row = &h->row[i];
		mean = exit_time_mean(row) * h->ns_per_cycle;
		summary_words(s, "%s %s took ", i ? ";" : "", row->name);
		summary_figure(s, (double)row->cycles / (double)h->cycles,
			       format_percent((double)row->cycles / (double)h->cycles, text));
		if (isnan(mean))
			continue;
		summary_words(s, ", ");
		summary_figure(s, mean, format_ns(mean, text));
		summary_words(s, " each");
	}
	summary_words(s, "%s.", estimate_emulator(side->result) ? " (times of the emulator)" : "");
}

void summary_rates(struct summary *s, const struct sides *sides)
{
	size_t i;

	for (i = 0; i < sides->sides; i++)
		about_rate(s, &sides->side[i]);
	for (i = 0; i < sides->sides; i++)
		about_time(s, &sides->side[i]);
}
