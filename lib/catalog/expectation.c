// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "catalog/catalog.h"
#include "expect.h"
#include "workload.h"

static bool label_is(const struct result *r, const char *name, const char *value)
{
	const char *label = result_label(r, name);

	return label && !strcmp(label, value);
}

/* If the guest does not say whether it has PTI, both kinds of line apply. */
static bool applies(const struct expectation *e, const struct result *r, const char *mechanism)
{
	if (e->pti && label_is(r, "pti", strcmp(e->pti, "on") ? "on" : "off"))
		return false;
	if (e->paging && e->paging != r->paging)
		return false;
	if (e->vendor && e->vendor != r->vendor)
		return false;
	return !e->mechanism || (mechanism && !strcmp(e->mechanism, mechanism));
}

/*
 * What kernel entries add to class CR_ACCESS. Tolerance 5 %: their number is an integer, but
 * interrupts inside the window enter the kernel too. If PTI is not known, both values are possible.
 */
static void entry_band(double kernel_entries, const struct result *r, double *low, double *high)
{
	*low = *high = 0;
	if (r->paging == EXITPROBE_NESTED || label_is(r, "pti", "off"))
		return;
	*high = 1.05 * KERNEL_ENTRY_CR * kernel_entries;
	if (label_is(r, "pti", "on"))
		*low = 0.95 * KERNEL_ENTRY_CR * kernel_entries;
}

/*
 * Class INVLPG: each flush is one exit, and a second one if the kernel also flushes the user PCID
 * (arch/x86/mm/tlb.c native_flush_tlb_one_user). If that is not known, both values are possible.
 */
static void flush_band(double flushes, const struct result *r, double *low, double *high)
{
	bool never = label_is(r, "pti", "off") || label_is(r, "invpcid", "off");
	bool always = label_is(r, "pti", "on") && label_is(r, "invpcid", "on");

	*low = *high = 0;
	if (r->paging == EXITPROBE_NESTED)
		return;
	*low = 0.995 * flushes * (always ? 2 : 1);
	*high = 1.005 * flushes * (never ? 1 : 2);
}

static int add_entries(struct result_workload *out, const struct bench *run,
		       const struct expectation *cr, const struct result *r)
{
	double low, high;
	char source[512];

	entry_band(run->kernel_entries, r, &low, &high);
	if (high > 0)
		snprintf(source, sizeof(source),
			 "%s; %g kernel entries with %d CR accesses each (PTI)", cr->source,
			 run->kernel_entries, KERNEL_ENTRY_CR);
	else
		snprintf(source, sizeof(source), "%s", cr->source);
	return result_add_expectation(out, CR_ACCESS, cr->low + low, cr->high + high, source);
}

static int add_flushes(struct result_workload *out, const struct bench *run,
		       const struct expectation *invlpg, const struct result *r)
{
	double low, high;
	char source[512];

	flush_band(run->flushes, r, &low, &high);
	if (high > 1.01 * run->flushes)
		snprintf(source, sizeof(source), "%s; also by INVPCID for the user half (PTI)",
			 invlpg->source);
	else
		snprintf(source, sizeof(source), "%s", invlpg->source);
	return result_add_expectation(out, INVLPG, invlpg->low + low, invlpg->high + high, source);
}

/* Where two lines may apply: the union of their bands. */
static void widen(double *low, double *high, const struct expectation *e)
{
	*low = fmin(*low, e->low);
	*high = fmax(*high, e->high);
}

static int add_band(struct result_workload *out, const struct expectation *e)
{
	size_t i;

	for (i = 0; i < out->expectations; i++) {
		if (out->expectation[i].exit_class != e->exit_class)
			continue;
		widen(&out->expectation[i].low, &out->expectation[i].high, e);
		return 0;
	}
	return result_add_expectation(out, e->exit_class, e->low, e->high, e->source);
}

/* Join a line to a band, which has no source before its first line. */
static void join(struct expectation *to, const struct expectation *e)
{
	if (to->source)
		widen(&to->low, &to->high, e);
	else
		*to = *e;
}

/* One band per class. To those of CR_ACCESS and INVLPG the kernel's own part is added once. */
int expectation_resolve(struct result_workload *out, const struct bench *run,
			const struct result *r)
{
	const struct workload *w = run->workload;
	struct expectation cr = { .source = NULL }, invlpg = { .source = NULL };
	const struct expectation *line;
	struct expectation e;
	int ret = 0;

	if (r->backend == EXITPROBE_NONE || r->paging == EXITPROBE_PAGING_UNKNOWN || !w->expect)
		return 0;
	for (line = w->expect; line->source && !ret; line++) {
		if (!applies(line, r, run->mechanism))
			continue;
		e = *line;
		if (w->adapt)
			w->adapt(run, &e);
		if (e.exit_class == CR_ACCESS)
			join(&cr, &e);
		else if (e.exit_class == INVLPG)
			join(&invlpg, &e);
		else
			ret = add_band(out, &e);
	}
	if (!cr.source)
		cr.source = "no CR access of its own";
	if (!ret && invlpg.source)
		ret = add_flushes(out, run, &invlpg, r);
	return ret ? ret : add_entries(out, run, &cr, r);
}
