// SPDX-License-Identifier: MIT
#include "estimate/per_op_total.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Below this many exits per op a value is drawn only if its workload declares the class. */
#define VISIBLE 0.0005

bool per_op_total_has(const struct estimate_class *c)
{
	const struct stats_interval *i = &c->per_op.interval;

	if (!c->exits || !(i->est >= VISIBLE))
		return false;
	if (c->verdict == ESTIMATE_PASS && !c->declared)
		return false;
	/* One repeat has no interval. */
	return i->n < 2 || i->lo > 0;
}

int per_op_total_make(struct per_op_total *t, const struct estimate_workload *w)
{
	const struct estimate_class *c;
	size_t i, j;

	*t = (struct per_op_total){ .est = w->counted ? 0 : NAN };
	if (!w->counted)
		return 0;
	t->repeat = calloc(w->blocks + 1, sizeof(*t->repeat));
	if (!t->repeat)
		return -ENOMEM;
	t->repeats = w->blocks;
	for (i = 0; i < w->classes; i++) {
		c = &w->exit_class[i];
		if (!per_op_total_has(c))
			continue;
		t->est += c->per_op.interval.est;
		for (j = 0; j < t->repeats && j < c->per_op.interval.n; j++)
			t->repeat[j] += c->per_op.block[j];
	}
	return 0;
}

void per_op_total_free(struct per_op_total *t)
{
	free(t->repeat);
	*t = (struct per_op_total){ 0 };
}
