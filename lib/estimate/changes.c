// SPDX-License-Identifier: MIT
#include "estimate/changes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return x->a < y->a ? -1 : 1;
}

/* Not declared, and within what background may leave. */
static bool is_background(const struct estimate_class *c)
{
	return !c || !c->exits || (!c->declared && c->verdict == ESTIMATE_PASS);
}

static int direction(const struct estimate_class *a, const struct estimate_class *b)
{
	const struct stats_interval none = { 0 };
	struct stats_interval x = a ? a->per_op.interval : none;
	struct stats_interval y = b ? b->per_op.interval : none;

	if (is_background(a) && is_background(b))
		return 0;
	/* One repeat has no interval: the estimate stands for it. */
	if (isnan(x.lo))
		x.lo = x.hi = x.est;
	if (isnan(y.lo))
		y.lo = y.hi = y.est;
	if (y.lo > x.hi && y.est - x.est >= ESTIMATE_TOLERANCE)
		return 1;
	return y.hi < x.lo && x.est - y.est >= ESTIMATE_TOLERANCE ? -1 : 0;
}

static void compare_one(struct changes *c, const struct side *sa, const struct side *sb, size_t i)
{
	const struct estimate_workload *a = &sa->e.workload[i];
	const struct estimate_workload *b = side_workload(sb, a->w->name);
	struct change *at = &c->change[c->changes];
	int k;

	if (!b || !a->counted || !b->counted)
		return;
	*at = (struct change){ .a = a,
			       .b = b,
			       .total_a = sa->total[i].est,
			       .total_b = side_per_op_total(sb, a->w->name)->est };
	at->size = sa == sb ? at->total_a : fabs(at->total_b - at->total_a);
	for (k = 0; k < EXITPROBE_CLASSES; k++) {
		at->direction[k] = direction(estimate_class(a, (enum exitprobe_class)k),
					     estimate_class(b, (enum exitprobe_class)k));
		at->more |= at->direction[k] > 0;
		at->less |= at->direction[k] < 0;
	}
	c->more += at->more;
	c->less += at->less;
	c->changes++;
}

int changes_make(struct changes *c, const struct side *a, const struct side *b)
{
	size_t i;

	*c = (struct changes){ .change = calloc(a->e.workloads + 1, sizeof(*c->change)) };
	if (!c->change)
		return -ENOMEM;
	for (i = 0; i < a->e.workloads; i++)
		compare_one(c, a, b, i);
	qsort(c->change, c->changes, sizeof(*c->change), by_size);
	return 0;
}

void changes_free(struct changes *c)
{
	free(c->change);
	*c = (struct changes){ 0 };
}
