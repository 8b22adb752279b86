// SPDX-License-Identifier: MIT
/* Whether the exits were as expected, why they are what they are, and what the numbers are worth.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "estimate/changes.h"
#include "estimate/paging.h"
#include "estimate/sides.h"
#include "summary/summary.h"
#include "text/format.h"

#define NAMED 4

static const char expected[] = "Was that as expected?";
static const char why[] = "Why?";
static const char trust[] = "Can these numbers be trusted?";

static void count_verdicts(struct summary *s, const struct side *side)
{
	const size_t *n = side->e.count;

	/* A boot or a user's command declares nothing. */
	if (!n[ESTIMATE_PASS] && !n[ESTIMATE_UNEXPECTED] && !n[ESTIMATE_UNCLEAR])
		return;
	summary_begin(s, "expected", expected);
	summary_words(s, "%c: for the classes of exits that the workloads declare, ", side->letter);
	summary_figure(s, (double)n[ESTIMATE_PASS], NULL);
	summary_words(s, " are as expected, ");
	summary_figure(s, (double)n[ESTIMATE_UNEXPECTED], NULL);
	summary_words(s, " are not, ");
	summary_figure(s, (double)n[ESTIMATE_UNCLEAR], NULL);
	summary_words(s, " are unclear.");
}

static void name_unexpected(struct summary *s, const struct side *side)
{
	const struct estimate_workload *w;
	const struct estimate_class *c;
	char band[FORMAT];
	size_t i, j, named = 0;

	for (i = 0; i < side->e.workloads; i++) {
		w = &side->e.workload[i];
		for (j = 0; j < w->classes && named < NAMED; j++) {
			c = &w->exit_class[j];
			if (c->verdict != ESTIMATE_UNEXPECTED)
				continue;
			if (!named++)
				summary_begin(s, "unexpected", expected);
			summary_words(s, "%s%s: ", named == 1 ? "Not as expected: " : "; ",
				      w->w->name);
			summary_figure(s, c->per_op.interval.est, NULL);
			summary_words(s, " exits of class %s per %s in %c, where ",
				      exitprobe_class_name(c->exit_class), w->w->op, side->letter);
			summary_figure(s, c->low < 0 ? 0 : c->low, NULL);
			if (isinf(c->high)) {
				summary_words(s, " or more");
			} else {
				summary_words(s, " to ");
				summary_figure(s, c->high, format_number(c->high, band));
			}
			summary_words(s, " were expected");
		}
	}
	if (named)
		summary_words(s, ".");
}

/* The class of a workload that makes most of its exits and has a source. */
static const struct estimate_class *explained(const struct estimate_workload *w)
{
	const struct estimate_class *most = NULL, *c;
	size_t i;

	for (i = 0; i < w->classes; i++) {
		c = &w->exit_class[i];
		if (c->declared && c->source && per_op_total_has(c) &&
		    (!most || c->per_op.interval.est > most->per_op.interval.est))
			most = c;
	}
	return most;
}

static void explain(struct summary *s, const struct side *side, const struct estimate_workload *w)
{
	const struct estimate_class *c = explained(w);

	if (!c)
		return;
	summary_begin(s, "why", why);
	summary_words(s, "%s in %c, ", w->w->name, side->letter);
	summary_figure(s, c->per_op.interval.est, NULL);
	summary_words(s, " %s per %s: %s.", exitprobe_class_name(c->exit_class), w->w->op,
		      c->source);
}

/* What differs most; for one side, what costs most. */
static void explain_largest(struct summary *s, const struct sides *sides)
{
	const struct side *a = &sides->side[0], *b = &sides->side[sides->sides - 1];
	struct changes c;
	size_t i, named;

	if (changes_make(&c, a, b))
		s->error = -ENOMEM;
	for (i = 0, named = 0; i < c.changes && named < NAMED; i++) {
		if (a != b && !c.change[i].more && !c.change[i].less)
			continue;
		if (a == b && !(c.change[i].total_a > 0))
			continue;
		named++;
		if (c.change[i].total_b >= c.change[i].total_a)
			explain(s, b, c.change[i].b);
		else
			explain(s, a, c.change[i].a);
	}
	changes_free(&c);
}

static void class_figure(struct summary *s, const struct counts *t, enum exitprobe_class k)
{
	summary_figure(s, (double)t->exit_class[k], NULL);
	summary_words(s, " %s", exitprobe_class_name(k));
}

/*
 * How the paging mode handles a guest's page tables, with the counts that show it. VMX reports
 * page faults among its exceptions, which has others, too.
 */
static void explain_mode(struct summary *s, const struct side *side)
{
	const struct counts *t = side_boot(side);
	enum exitprobe_class fault =
		side->result->vendor == EXITPROBE_VMX ? EXITPROBE_EXCEPTION : EXITPROBE_PAGE_FAULT;

	if (!t || !t->rows)
		return;
	if (side->e.fingerprint == EXITPROBE_LOOKS_NESTED) {
		summary_begin(s, "why_mode", why);
		summary_words(s,
			      "%c: with nested paging the processor walks the guest's own page "
			      "tables, and changing them does not exit: ",
			      side->letter);
		class_figure(s, t, EXITPROBE_INVLPG);
		if (fault == EXITPROBE_PAGE_FAULT) {
			summary_words(s, ", ");
			class_figure(s, t, fault);
		}
		summary_words(s, ". What exits is the first use of memory that the host has not "
				 "mapped: ");
	} else if (side->e.fingerprint == EXITPROBE_LOOKS_SHADOW) {
		summary_begin(s, "why_mode", why);
		summary_words(s,
			      "%c: with shadow paging KVM keeps its own page tables alongside the "
			      "guest's and has to see each change and each switch: ",
			      side->letter);
		class_figure(s, t, EXITPROBE_CR_ACCESS);
		summary_words(s, ", ");
		class_figure(s, t, fault);
		summary_words(s, ", ");
		class_figure(s, t, EXITPROBE_INVLPG);
		summary_words(s, ". No second table exists that could fault: ");
	} else {
		return;
	}
	class_figure(s, t, EXITPROBE_NESTED_PAGE_FAULT);
	summary_words(s, ".");
}

void summary_expected(struct summary *s, const struct sides *sides)
{
	size_t i;

	for (i = 0; i < sides->sides; i++)
		if (sides->side[i].result->backend != EXITPROBE_NONE && sides->side[i].e.workloads)
			count_verdicts(s, &sides->side[i]);
	for (i = 0; i < sides->sides; i++)
		name_unexpected(s, &sides->side[i]);
	for (i = 0; i < sides->sides; i++)
		explain_mode(s, &sides->side[i]);
	explain_largest(s, sides);
}

static void about_paging(struct summary *s, const struct side *side)
{
	const struct result *r = side->result;
	char text[512];

	summary_begin(s, "paging", trust);
	summary_words(s, "%c: ", side->letter);
	if (r->backend == EXITPROBE_NONE)
		summary_words(s, "exits were not available: %s.",
			      r->why ? r->why : "reason not recorded");
	else if (paging_contradiction(r, text, sizeof(text)))
		summary_words(s, "%s.", text);
	else if (side->e.fingerprint == EXITPROBE_LOOKS_UNDECIDED)
		summary_words(s, "the paging mode is %s (from: %s); the counts do not show it.",
			      exitprobe_paging_name(r->paging),
			      r->paging_source ? r->paging_source : "not recorded");
	else
		summary_words(s, "the paging mode is %s (from: %s), and the counts look like %s.",
			      exitprobe_paging_name(r->paging),
			      r->paging_source ? r->paging_source : "not recorded",
			      exitprobe_fingerprint_name(side->e.fingerprint));
}

static void about_witness(struct summary *s, const struct side *side)
{
	const struct witness *w = side->witness;

	if (!w)
		return;
	summary_begin(s, "witness", trust);
	summary_words(s, "%c: the outer VM itself counted ", side->letter);
	summary_figure(s, (double)w->kvm_exit, NULL);
	summary_words(s, " exits; the guest read ");
	summary_figure(s, (double)w->guest, NULL);
	summary_words(s, " and ");
	summary_figure(s, (double)w->after, NULL);
	summary_words(s, " came after its last reading: %s%s.",
		      w->equal ? "equal, reason by reason" : "NOT equal",
		      w->problem ? w->problem : "");
}

static void about_calibration(struct summary *s, const struct side *side)
{
	const struct result_calibration *c = &side->result->calibration;

	if (side->result->backend == EXITPROBE_NONE || !c->brackets)
		return;
	summary_begin(s, "calibration", trust);
	summary_words(s, "%c: ", side->letter);
	summary_figure(s, c->brackets_exact, NULL);
	summary_words(s, " of ");
	summary_figure(s, c->brackets, NULL);
	summary_words(s, " empty windows cost exactly the probe's own ");
	summary_figure(s, c->bracket_cost, NULL);
	summary_words(s, " exits, which are taken out of every window.");
}

static void about_times(struct summary *s, const struct side *side)
{
	const char *emulator = estimate_emulator(side->result);

	if (!emulator)
		return;
	summary_begin(s, "times", trust);
	summary_words(s, "%c: an emulator (%s) ran this: counts are valid, times are its own.",
		      side->letter, emulator);
}

void summary_trust(struct summary *s, const struct sides *sides)
{
	size_t i;

	for (i = 0; i < sides->sides; i++) {
		about_paging(s, &sides->side[i]);
		about_witness(s, &sides->side[i]);
		about_calibration(s, &sides->side[i]);
		about_times(s, &sides->side[i]);
	}
}
