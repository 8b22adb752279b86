// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "run/run.h"

static bool applies(const struct expectation *e, const struct result *r, const char *mechanism)
{
	if (e->paging && e->paging != r->paging)
		return false;
	if (e->vendor && e->vendor != r->vendor)
		return false;
	return !e->mechanism || (mechanism && !strcmp(e->mechanism, mechanism));
}

/*
 * What the kernel's own entries and exits add to class CR_ACCESS. 5 % of room: a crossing is an
 * integer, but interrupts inside the window cross too. Not knowing about PTI leaves both values
 * possible.
 */
static void crossing_band(double crossings, const struct result *r, double *low, double *high)
{
	const char *pti = result_fact(r, "pti");

	*low = *high = 0;
	if (r->paging == EXITPROBE_NESTED || (pti && !strcmp(pti, "off")))
		return;
	*high = 1.05 * CROSSING_CR * crossings;
	if (pti && !strcmp(pti, "on"))
		*low = 0.95 * CROSSING_CR * crossings;
}

int expectation_resolve(struct result_workload *out, const struct run *run, const struct result *r)
{
	const struct workload *w = run->workload;
	struct expectation cr = { .class = CR_ACCESS, .source = "no CR access of its own" };
	const struct expectation *e;
	double low, high;
	char source[512];
	int ret;

	if (r->backend == EXITPROBE_NONE || r->paging == EXITPROBE_PAGING_UNKNOWN || !w->expect)
		return 0;
	for (e = w->expect; e->source; e++) {
		if (!applies(e, r, run->mechanism))
			continue;
		if (e->class == CR_ACCESS) {
			cr = *e;
			continue;
		}
		ret = result_add_expectation(out, e->class, e->low, e->high, e->source);
		if (ret)
			return ret;
	}
	crossing_band(run->crossings, r, &low, &high);
	if (high > 0)
		snprintf(source, sizeof(source),
			 "%s; %g user-kernel round trips of %d CR accesses each (PTI)", cr.source,
			 w->crossings, CROSSING_CR);
	else
		snprintf(source, sizeof(source), "%s", cr.source);
	return result_add_expectation(out, CR_ACCESS, cr.low + low, cr.high + high, source);
}
