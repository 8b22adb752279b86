// SPDX-License-Identifier: MIT
/*
 * How long exits took, by reason, over the whole run. A reading costs 16 CPUID exits per reason
 * that has occurred, so there is one before the first window and one after the last.
 */
#include <errno.h>
#include <stdlib.h>

#include "run/histograms.h"

/* now[]: the current buckets; a slot without exits is not read. */
static int read_all(const struct exitprobe *p, const struct exitprobe_snapshot *s, uint32_t *now)
{
	uint32_t i;
	int n = 0;

	for (i = 0; i < exitprobe_slots(p) && n >= 0; i++)
		if (s->count[i])
			n = exitprobe_histogram(p, i, now + (size_t)i * RESULT_BUCKETS);
	return n < 0 ? n : 0;
}

int histograms_begin(struct result *r, const struct exitprobe *p,
		     const struct exitprobe_snapshot *s)
{
	size_t i, n = r->reasons * RESULT_BUCKETS;
	uint32_t *now;
	int ret;

	if (!p->histograms)
		return 0;
	now = calloc(n + 1, sizeof(*now));
	r->histogram = calloc(n + 1, sizeof(*r->histogram));
	ret = now && r->histogram ? read_all(p, s, now) : -ENOMEM;
	for (i = 0; i < n && !ret; i++)
		r->histogram[i] = now[i];
	free(now);
	return ret;
}

int histograms_end(struct result *r, const struct exitprobe *p, const struct exitprobe_snapshot *s)
{
	size_t i, n = r->reasons * RESULT_BUCKETS;
	uint32_t *now;
	int ret;

	if (!r->histogram)
		return 0;
	now = calloc(n + 1, sizeof(*now));
	ret = now ? read_all(p, s, now) : -ENOMEM;
	/* Buckets are 32 bits wide and wrap. */
	for (i = 0; i < n && !ret; i++)
		r->histogram[i] = (uint32_t)(now[i] - (uint32_t)r->histogram[i]);
	free(now);
	return ret;
}
