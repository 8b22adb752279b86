// SPDX-License-Identifier: MIT
/* Compares measured with expected exits. */
#include <math.h>
#include <string.h>

#include "estimate/verdict.h"

void verdict_band(struct estimate_class *c, const struct result_workload *w, double noise)
{
	const struct result_expectation *x;
	bool timer = verdict_is_timer(c->exit_class);
	double above = timer ? noise : 0;
	double below = timer || c->exit_class == EXITPROBE_CR_ACCESS ? noise : 0;
	size_t i;

	c->low = c->high = NAN;
	for (i = 0; i < w->expectations && !c->declared; i++) {
		x = &w->expectation[i];
		if (x->exit_class != c->exit_class)
			continue;
		c->declared = true;
		c->low = x->low;
		c->high = x->high;
		c->source = x->source;
	}
	if (!w->expectations)
		return;
	/* The exits of a declared class include ticks. */
	if (c->declared && c->high > 0) {
		c->low -= below;
		c->high += above;
	}
	/* No count is below 0, but an estimate is where the background correction overshoots.
	 */
	if (!c->declared || c->low <= 0)
		c->low = fmin(c->declared ? c->low : 0, -(ESTIMATE_TOLERANCE + noise));
	if (!c->declared || c->high <= 0)
		c->high = ESTIMATE_TOLERANCE + above;
}

bool verdict_is_timer(enum exitprobe_class exit_class)
{
	return exit_class == EXITPROBE_INTERRUPT || exit_class == EXITPROBE_INTERRUPT_WINDOW ||
	       exit_class == EXITPROBE_MSR;
}

enum estimate_verdict verdict_of(const struct estimate_class *c)
{
	const struct stats_interval *i = &c->per_op.interval;

	if (isnan(c->low) || isnan(i->est))
		return ESTIMATE_NO_VERDICT;
	if (i->est >= c->low && i->est <= c->high)
		return ESTIMATE_PASS;
	return i->lo <= c->high && i->hi >= c->low ? ESTIMATE_UNCLEAR : ESTIMATE_UNEXPECTED;
}

const char *estimate_verdict_name(enum estimate_verdict verdict)
{
	static const char *const names[] = {
		[ESTIMATE_PASS] = "pass",
		[ESTIMATE_UNCLEAR] = "unclear",
		[ESTIMATE_UNEXPECTED] = "unexpected",
	};

	return (unsigned int)verdict < sizeof(names) / sizeof(*names) ? names[verdict] : NULL;
}

const char *estimate_emulator(const struct result *r)
{
	const char *name = result_label(r, "accelerator");

	return name && (strcasestr(name, "tcg") || strcasestr(name, "bochs")) ? name : NULL;
}
