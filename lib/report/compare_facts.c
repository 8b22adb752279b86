// SPDX-License-Identifier: MIT
/* What is not the same on both sides, and which of it was meant. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare.h"
#include "report/report.h"
#include "report/sink.h"

static void add(struct compare *c, const char *name, const char *a, const char *b)
{
	struct compare_fact *f = &c->fact[c->facts];

	a = a ? a : "not recorded";
	b = b ? b : "not recorded";
	if (!strcmp(a, b))
		return;
	f->name = name;
	tone_clean(a, f->a, sizeof(f->a));
	tone_clean(b, f->b, sizeof(f->b));
	c->facts++;
}

/* 0: not known. */
static void add_number(struct compare *c, const char *name, unsigned long a, unsigned long b)
{
	char x[24], y[24];

	snprintf(x, sizeof(x), "%lu", a);
	snprintf(y, sizeof(y), "%lu", b);
	add(c, name, a ? x : NULL, b ? y : NULL);
}

static void add_probe(struct compare *c, const struct result *a, const struct result *b)
{
	add(c, "paging", exitprobe_paging_name(a->paging), exitprobe_paging_name(b->paging));
	add(c, "vendor", exitprobe_vendor_name(a->vendor), exitprobe_vendor_name(b->vendor));
	add(c, "counters", exitprobe_backend_name(a->backend), exitprobe_backend_name(b->backend));
	add_number(c, "abi", a->abi, b->abi);
	add_number(c, "vcpus", a->vcpus, b->vcpus);
	add_number(c, "repeats", a->repeat, b->repeat);
	add(c, "suite", a->tool_version, b->tool_version);
}

static void add_environment(struct compare *c, const struct result *a, const struct result *b)
{
	size_t i;

	for (i = 0; i < a->facts; i++)
		add(c, a->fact[i].name, a->fact[i].value, result_fact(b, a->fact[i].name));
	for (i = 0; i < b->facts; i++)
		if (!result_fact(a, b->fact[i].name))
			add(c, b->fact[i].name, NULL, b->fact[i].value);
}

static const struct compare_fact *find(const struct compare *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->facts; i++)
		if (!strcmp(c->fact[i].name, name))
			return &c->fact[i];
	return NULL;
}

int compare_facts(struct compare *c, const char *axis)
{
	const struct result *a = c->a->result, *b = c->b->result;

	/* Seven of add_probe(). */
	c->fact = calloc(a->facts + b->facts + 7, sizeof(*c->fact));
	if (!c->fact)
		return -ENOMEM;
	add_probe(c, a, b);
	add_environment(c, a, b);
	if (axis) {
		c->axis = find(c, axis);
		return c->axis ? 0 : -ENOENT;
	}
	c->axis = find(c, "paging");
	if (!c->axis)
		c->axis = find(c, "vendor");
	if (!c->axis && c->facts == 1)
		c->axis = c->fact;
	return 0;
}

static void about_side(const struct sink *s, const char *label, const struct estimate *e)
{
	const struct result *r = e->result;
	char text[512];

	if (report_paging_contradiction(r, text, sizeof(text)))
		sink_say(s, "%s: %s", label, text);
	if (!r->complete)
		sink_say(s, "%s: the run was not completed", label);
	if (r->backend == EXITPROBE_NONE)
		sink_say(s, "%s has no exits, so only times are compared: %s", label,
			 r->why ? r->why : "reason not recorded");
	else if (!e->has_background)
		sink_say(s, "%s has no samples of '%s': its background is still in its exits",
			 label, ESTIMATE_SPIN);
}

/* Did a workload do the same thing on both sides? */
static void about_workload(const struct sink *s, const struct result_workload *a,
			   const struct result_workload *b)
{
	size_t i, j;

	if (strcmp(a->op, b->op))
		sink_say(s, "%s: one operation is a %s in A and a %s in B: do not compare these",
			 a->name, a->op, b->op);
	if (strcmp(a->mechanism ? a->mechanism : "", b->mechanism ? b->mechanism : ""))
		sink_say(s, "%s: done by %s in A and by %s in B: do not compare these", a->name,
			 a->mechanism ? a->mechanism : "its only way",
			 b->mechanism ? b->mechanism : "its only way");
	for (i = 0; i < a->parameters; i++)
		for (j = 0; j < b->parameters; j++)
			if (!strcmp(a->parameter[i].name, b->parameter[j].name) &&
			    a->parameter[i].value != b->parameter[j].value)
				sink_say(s,
					 "%s: %s is %lld in A and %lld in B: do not compare these",
					 a->name, a->parameter[i].name,
					 (long long)a->parameter[i].value,
					 (long long)b->parameter[j].value);
}

/* Repeats a side that let one difference alone pass among all that are tested. */
static size_t repeats_needed(size_t tests)
{
	size_t n = 2;

	while (n < 20 && stats_permutation_least(n, n) * (double)tests > COMPARE_LEVEL)
		n++;
	return n;
}

static void about_repeats(const struct sink *s, const struct compare *c)
{
	size_t i, undecided = 0, tests = 0, a = 0, b = 0;
	const struct compare_row *row;

	for (i = 0; i < c->rows; i++) {
		row = &c->row[i];
		if (row->verdict != COMPARE_UNDECIDED)
			continue;
		undecided++;
		a = row->a.value.interval.n;
		b = row->b.value.interval.n;
		if (c->tested[row->family] > tests)
			tests = c->tested[row->family];
	}
	if (!undecided)
		return;
	sink_say(s,
		 "%zu difference%s of size but not of certainty (?): with %zu and %zu repeats no p "
		 "is "
		 "below %.2g; use --repeat %zu or more on both sides",
		 undecided, undecided == 1 ? " is" : "s are", a, b, stats_permutation_least(a, b),
		 repeats_needed(tests));
}

void compare_warnings(const struct compare *c, void (*emit)(void *context, const char *text),
		      void *context)
{
	const struct sink s = { emit, context };
	const struct estimate_workload *other;
	size_t i;

	about_side(&s, "A", c->a);
	about_side(&s, "B", c->b);
	for (i = 0; i < c->facts; i++)
		if (&c->fact[i] != c->axis)
			sink_say(&s, "%s differs%s: %s in A, %s in B", c->fact[i].name,
				 c->axis ? " too" : "", c->fact[i].a, c->fact[i].b);
	if (c->facts && !c->axis)
		sink_say(&s, "several things differ: say with --axis which of them is meant");
	for (i = 0; i < c->a->workloads; i++) {
		other = estimate_find(c->b, c->a->workload[i].w->name);
		if (other)
			about_workload(&s, c->a->workload[i].w, other->w);
	}
	about_repeats(&s, c);
	if (c->lonely)
		sink_say(&s, "%zu workloads are in one file only and are left out", c->lonely);
}
