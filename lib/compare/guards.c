// SPDX-License-Identifier: MIT
/* What a reader of a comparison must know before concluding anything. */
#include <string.h>

#include "compare/compare.h"
#include "estimate/paging.h"
#include "text/emit.h"

/* At most this many files of a side are named. */
#define NAMED 3

static void about_file(const struct emitter *s, const char *label, const struct estimate *e,
		       bool named)
{
	const struct result *r = e->result;
	char text[512], place[300];

	if (named)
		snprintf(place, sizeof(place), "%s, %.200s", label, r->path ? r->path : "a file");
	else
		snprintf(place, sizeof(place), "%s", label);
	if (paging_contradiction(r, text, sizeof(text)))
		emit_line(s, "%s: %s", place, text);
	if (!r->complete)
		emit_line(s, "%s: the run was not completed", place);
	if (r->backend == EXITPROBE_NONE)
		emit_line(s, "%s has no exits, so only times are compared: %s", place,
			  r->why ? r->why : "reason not recorded");
	else if (!e->has_background && e->workloads && !compare_is_boot(e))
		emit_line(s, "%s has no samples of '%s': its background is still in its exits",
			  place, CONTROL_SPIN);
}

static bool is_suspect(const struct estimate *e)
{
	char text[512];

	return paging_contradiction(e->result, text, sizeof(text)) || !e->result->complete ||
	       e->result->backend == EXITPROBE_NONE || (!e->has_background && e->workloads);
}

static void about_side(const struct emitter *s, const char *label, const struct compare_group *g)
{
	size_t i, suspect = 0;

	for (i = 0; i < g->files; i++) {
		if (!is_suspect(g->file[i]))
			continue;
		if (++suspect <= NAMED)
			about_file(s, label, g->file[i], g->files > 1);
	}
	if (suspect > NAMED)
		emit_line(s, "%s: %zu more files have faults of these kinds", label,
			  suspect - NAMED);
}

static void about_labels(const struct emitter *s, const struct compare *c)
{
	const struct compare_label *f;
	size_t i;

	for (i = 0; i < c->labels; i++) {
		f = &c->label[i];
		if (f->within)
			emit_line(s, "%s differs within a side: %s in A, %s in B", f->name, f->a,
				  f->b);
		else if (f != c->axis)
			emit_line(s, "%s differs%s: %s in A, %s in B", f->name,
				  c->axis ? " too" : "", f->a, f->b);
	}
	if (c->labels && !c->axis)
		emit_line(s, "several facts differ: name the intended one with --axis");
}

/* Did a workload do the same thing on both sides? */
static void about_workload(const struct emitter *s, const struct result_workload *a,
			   const struct result_workload *b)
{
	size_t i, j;

	if (strcmp(a->op, b->op))
		emit_line(s, "%s: one operation is a %s in A and a %s in B: do not compare these",
			  a->name, a->op, b->op);
	if (strcmp(a->mechanism ? a->mechanism : "", b->mechanism ? b->mechanism : ""))
		emit_line(s, "%s: done by %s in A and by %s in B: do not compare these", a->name,
			  a->mechanism ? a->mechanism : "its only way",
			  b->mechanism ? b->mechanism : "its only way");
	for (i = 0; i < a->parameters; i++)
		for (j = 0; j < b->parameters; j++)
			if (!strcmp(a->parameter[i].name, b->parameter[j].name) &&
			    a->parameter[i].value != b->parameter[j].value)
				emit_line(s,
					  "%s: %s is %lld in A and %lld in B: do not compare these",
					  a->name, a->parameter[i].name,
					  (long long)a->parameter[i].value,
					  (long long)b->parameter[j].value);
}

static bool alike(const struct result_workload *a, const struct result_workload *b)
{
	size_t i;

	if (strcmp(a->op, b->op) || a->parameters != b->parameters ||
	    strcmp(a->mechanism ? a->mechanism : "", b->mechanism ? b->mechanism : ""))
		return false;
	for (i = 0; i < a->parameters; i++)
		if (strcmp(a->parameter[i].name, b->parameter[i].name) ||
		    a->parameter[i].value != b->parameter[i].value)
			return false;
	return true;
}

/* Compares with the first file that has it; warns once for a workload, about the first that
 * differs. */
static void about_one(const struct emitter *s, const struct compare *c,
		      const struct result_workload *first)
{
	const struct compare_group *side[2] = { &c->a, &c->b };
	const struct estimate_workload *other;
	size_t i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < side[i]->files; j++) {
			other = estimate_find(side[i]->file[j], first->name);
			if (!other || alike(first, other->w))
				continue;
			about_workload(s, first, other->w);
			return;
		}
}

static void about_workloads(const struct emitter *s, const struct compare *c)
{
	const struct estimate_workload *last = NULL;
	size_t i;

	for (i = 0; i < c->rows; i++) {
		if (c->row[i].workload && c->row[i].workload != last)
			about_one(s, c, c->row[i].workload->w);
		last = c->row[i].workload;
	}
}

/* Repeats per side with which a single difference can pass among all that are tested. */
static size_t repeats_needed(size_t tests)
{
	size_t n = 2;

	while (n < 20 && stats_permutation_least(n, n) * (double)tests > COMPARE_LEVEL)
		n++;
	return n;
}

static void about_repeats(const struct emitter *s, const struct compare *c)
{
	bool files = c->unit == COMPARE_FILES;
	size_t i, undecided = 0, tests = 0, a = 0, b = 0;
	const struct compare_row *row;
	char remedy[80];

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
	snprintf(remedy, sizeof(remedy),
		 files ? "compare %zu or more files a side"
		       : "use --repeat %zu or more on both sides",
		 repeats_needed(tests));
	emit_line(s,
		  "%zu difference%s large but not certain (?): with %zu and %zu %s p cannot be "
		  "below %.2g; %s",
		  undecided, undecided == 1 ? " is" : "s are", a, b, files ? "files" : "repeats",
		  stats_permutation_least(a, b), remedy);
}

/* One value on a side that has several files is one boot, however often it was measured. */
static void about_levels(const struct emitter *s, const struct compare *c)
{
	if (c->unit == COMPARE_REPEATS && (c->a.files > 1 || c->b.files > 1))
		emit_line(s, "the repeats of several files are pooled: this is a claim about these "
			     "boots, not about others");
	else if (c->unit == COMPARE_FILES && (c->a.files == 1) != (c->b.files == 1))
		emit_line(s, "%s is one file, so one boot: how much its boots vary is unknown",
			  c->a.files == 1 ? "A" : "B");
}

static const struct compare_label *differing(const struct compare *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->labels; i++)
		if (!strcmp(c->label[i].name, name))
			return &c->label[i];
	return NULL;
}

bool compare_untrusted(const struct compare *c, char *text, size_t size)
{
	const struct compare_group *side[2] = { &c->a, &c->b };
	const struct compare_label *abi = differing(c, "abi");
	char contradiction[512];
	size_t i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < side[i]->files; j++)
			if (paging_contradiction(side[i]->file[j]->result, contradiction,
						 sizeof(contradiction))) {
				snprintf(text, size, "%s: %.400s", i ? "B" : "A", contradiction);
				return true;
			}
	if (abi)
		snprintf(
			text, size,
			"the counters follow different ABIs, %s in A and %s in B: their counts may "
			"differ in meaning",
			abi->a, abi->b);
	return abi != NULL;
}

void compare_warnings(const struct compare *c, void (*emit)(void *context, const char *text),
		      void *context)
{
	const struct emitter s = { emit, context };

	about_side(&s, "A", &c->a);
	about_side(&s, "B", &c->b);
	about_labels(&s, c);
	about_workloads(&s, c);
	about_levels(&s, c);
	about_repeats(&s, c);
	if (c->unmatched)
		emit_line(&s, "%zu workloads are in one %s only and are left out", c->unmatched,
			  c->a.files > 1 || c->b.files > 1 ? "side" : "file");
}
