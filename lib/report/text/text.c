// SPDX-License-Identifier: MIT
/* The terminal report, for a width of 100 columns. */
#include <math.h>
#include <string.h>

#include "estimate/lines.h"
#include "estimate/vcpus.h"
#include "report/report.h"
#include "report/text/dump.h"
#include "report/text/text.h"
#include "result/utf8.h"
#include "summary/warnings.h"
#include "text/format.h"

#define VCPUS_SHOWN 16

/* reason, class, exits/op, interval, expected; the verdict comes last. */
#define COLUMNS "  %-18s %-17s %14s  %-20s %-12s "

/* A verdict as people see it, in its colour: "PASS". */
static void put_verdict(const struct styled *t, enum estimate_verdict verdict)
{
	static const struct {
		const char *text;
		enum style style;
	} word[] = {
		[ESTIMATE_PASS] = { "PASS", GOOD },
		[ESTIMATE_UNCLEAR] = { "UNCLEAR", DOUBTFUL },
		[ESTIMATE_UNEXPECTED] = { "UNEXPECTED", BAD },
	};

	if (verdict != ESTIMATE_NO_VERDICT)
		style_print(t, word[verdict].style, "%s", word[verdict].text);
}

static void put_line(const struct styled *t, const struct line *l)
{
	struct cells c;

	line_cells(l, &c);
	fprintf(t->out, COLUMNS, l->name, exitprobe_class_name(l->exit_class), c.value, c.interval,
		c.band);
	if (l->judged)
		put_verdict(t, l->judged->verdict);
	fputc('\n', t->out);
}

/* All rows of one file have the same number of repeats: the coverage stands once, in the heading.
 */
static void put_heading(const struct styled *t, const struct estimate_workload *w)
{
	char interval[FORMAT + 16] = "interval", share[FORMAT];
	size_t i;

	for (i = 0; i < w->rows; i++)
		if (w->row[i].per_op.interval.coverage > 0)
			snprintf(interval, sizeof(interval), "interval (%s)",
				 format_percent(w->row[i].per_op.interval.coverage, share));
	style_print(t, FAINT, COLUMNS "%s\n", "reason", "class", "exits/op", interval, "expected",
		    "verdict");
}

static void put_quiet(const struct styled *t, const struct lines *l)
{
	size_t i;

	if (!l->below)
		return;
	style_print(t, FAINT, "  no more than background:");
	for (i = 0; i < l->below; i++)
		style_print(t, FAINT, "%s %s", i ? "," : "", l->below_threshold[i]->name);
	fputc('\n', t->out);
}

/* Where the exits of the windows went. */
static void put_shares(const struct styled *t, const struct estimate_workload *w)
{
	double left = w->exits - w->attributed - w->background, all = w->exits;
	char number[FORMAT];

	style_print(t, FAINT, "  %s exits in %zu windows", format_number(all, number), w->windows);
	if (all > 0 && strcmp(w->w->name, CONTROL_SPIN))
		style_print(t, FAINT,
			    ": %.1f %% operation, %.1f %% background, %.1f %% unattributed (%.2g a "
			    "window)",
			    100 * w->attributed / all, 100 * w->background / all, 100 * left / all,
			    left / (double)w->windows);
	if (w->preempted)
		style_print(t, FAINT, "; preempted in %zu", w->preempted);
	fputc('\n', t->out);
}

/* What is not as expected is shown with the source of the expectation. */
static void put_sources(const struct styled *t, const struct estimate_workload *w)
{
	const struct estimate_class *c;
	char clean[512];
	size_t i;

	for (i = 0; i < w->classes; i++) {
		c = &w->exit_class[i];
		if (!c->declared || c->verdict <= ESTIMATE_PASS)
			continue;
		fprintf(t->out, "  expected %s: %s", exitprobe_class_name(c->exit_class),
			utf8_printable(c->source, clean, sizeof(clean)));
		if (w->w->control)
			fprintf(t->out, " (control: %s)",
				utf8_printable(w->w->control, clean, sizeof(clean)));
		fputc('\n', t->out);
	}
}

static void put_exits(const struct styled *t, const struct estimate_workload *w)
{
	struct lines l;
	size_t i;

	if (lines_make(&l, w)) {
		fputs("  out of memory\n", t->out);
		return;
	}
	if (l.lines)
		put_heading(t, w);
	for (i = 0; i < l.lines; i++)
		put_line(t, &l.line[i]);
	put_sources(t, w);
	put_quiet(t, &l);
	put_shares(t, w);
	lines_free(&l);
}

/* For windows on several vCPUs at once: how evenly their exits are spread. */
static void put_vcpus(const struct styled *t, const struct result *r,
		      const struct result_workload *w)
{
	struct vcpu_share share[VCPUS_SHOWN];
	size_t i, n = vcpus_shares(r, w, share, VCPUS_SHOWN);

	if (!n)
		return;
	style_print(t, FAINT, "  by vCPU:");
	for (i = 0; i < n; i++)
		style_print(t, FAINT, "%s CPU %u %llu", i ? "," : "", share[i].cpu,
			    (unsigned long long)share[i].exits);
	fputs(w->sample[0].vcpus > n ? ", ...\n" : "\n", t->out);
}

static void put_time(const struct styled *t, const struct estimate *e,
		     const struct estimate_workload *w)
{
	const struct stats_interval *i = &w->cycles.interval;
	const char *emulator = estimate_emulator(e->result);
	double scale = e->ns_per_cycle;
	char est[FORMAT], lo[FORMAT], hi[FORMAT], min[FORMAT], share[FORMAT], clean[64];

	if (isnan(i->est))
		return;
	if (isnan(scale)) {
		fprintf(t->out, "  %s cycles (TSC rate not known)\n", format_number(i->est, est));
		return;
	}
	fprintf(t->out, "  %s median of %zu, minimum %s", format_ns(i->est * scale, est), i->n,
		format_ns(i->min * scale, min));
	if (i->coverage > 0)
		fprintf(t->out, ", %s to %s (%s)", format_ns(i->lo * scale, lo),
			format_ns(i->hi * scale, hi), format_percent(i->coverage, share));
	if (emulator)
		style_print(t, DOUBTFUL, "  [%s]", utf8_printable(emulator, clean, sizeof(clean)));
	fputc('\n', t->out);
}

void text_workload(const struct styled *t, const struct estimate *e,
		   const struct estimate_workload *w)
{
	const struct result_workload *in = w->w;
	char clean[256];

	style_print(t, STRONG, "\n%s", utf8_printable(in->name, clean, sizeof(clean)));
	fprintf(t->out, ", per %s", utf8_printable(in->op, clean, sizeof(clean)));
	if (in->mechanism)
		fprintf(t->out, " (by %s)", utf8_printable(in->mechanism, clean, sizeof(clean)));
	if (in->status == RESULT_DONE)
		fputc('\n', t->out);
	else
		style_print(t, in->status == RESULT_FAILED ? BAD : DOUBTFUL, "  %s%s%s\n",
			    in->status == RESULT_FAILED    ? "FAILED"
			    : in->status == RESULT_SKIPPED ? "SKIPPED"
							   : "PARTIAL",
			    in->reason ? ": " : "",
			    utf8_printable(in->reason, clean, sizeof(clean)));
	put_time(t, e, w);
	if (!w->counted)
		return;
	put_exits(t, w);
	put_vcpus(t, e->result, w->w);
}

static void put_warning(void *context, const char *text)
{
	const struct styled *t = context;
	char clean[512];

	style_print(t, DOUBTFUL, "warning: ");
	fprintf(t->out, "%s\n", utf8_printable(text, clean, sizeof(clean)));
}

static void put_summary(const struct styled *t, const struct estimate *e)
{
	size_t i, skipped = 0, failed = 0;

	for (i = 0; i < e->workloads; i++) {
		skipped += e->workload[i].w->status == RESULT_SKIPPED;
		failed += e->workload[i].w->status == RESULT_FAILED;
	}
	fprintf(t->out, "\n%zu workloads", e->workloads);
	if (skipped)
		fprintf(t->out, ", %zu skipped", skipped);
	if (failed)
		style_print(t, BAD, ", %zu failed", failed);
	if (e->result->backend != EXITPROBE_NONE)
		fprintf(t->out, "; classes of exits: %zu as expected, %zu unexpected, %zu unclear",
			e->count[ESTIMATE_PASS], e->count[ESTIMATE_UNEXPECTED],
			e->count[ESTIMATE_UNCLEAR]);
	fputc('\n', t->out);
}

void report_text(const struct result *r, FILE *out, bool colour)
{
	struct styled t = { out, colour };
	struct estimate e;
	size_t i;

	if (estimate_make(&e, r)) {
		fputs("out of memory\n", out);
		goto out;
	}
	if (r->dump) {
		dump_text(&t, r);
	} else {
		text_head(&t, &e);
		for (i = 0; i < e.workloads; i++)
			text_workload(&t, &e, &e.workload[i]);
		put_summary(&t, &e);
	}
	warnings_each(&e, put_warning, &t);
out:
	estimate_free(&e);
}

size_t report_unexpected(const struct result *r)
{
	struct estimate e;
	size_t n = 0;

	if (!estimate_make(&e, r))
		n = e.count[ESTIMATE_UNEXPECTED];
	estimate_free(&e);
	return n;
}
