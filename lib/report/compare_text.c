// SPDX-License-Identifier: MIT
/* The comparison for a terminal of 100 columns: effect first, then its interval, then p. */
#include <math.h>
#include <string.h>

#include "report/compare.h"
#include "report/format.h"

/* class, A, B, difference, interval, ratio, q; the verdict comes last. */
#define COLUMNS "  %-17s %12s %12s %11s %-20s %7s %7s "

static void put_side(const struct tones *t, const char *label, const struct estimate *e)
{
	const struct result *r = e->result;
	char path[256], source[64];

	tone_print(t, STRONG, "%s  ", label);
	fprintf(t->out, "%s: %s paging (from: %s), %u repeats%s\n",
		tone_clean(r->path, path, sizeof(path)), exitprobe_paging_name(r->paging),
		tone_clean(r->paging_source ? r->paging_source : "not recorded", source,
			   sizeof(source)),
		r->repeat, r->complete ? "" : ", not completed");
}

static void put_head(const struct tones *t, const struct compare *c)
{
	const char *a = estimate_emulator(c->a->result), *b = estimate_emulator(c->b->result);
	char clean[64], other[64];

	put_side(t, "A", c->a);
	put_side(t, "B", c->b);
	if (c->axis)
		tone_print(t, STRONG, "what differs: %s, %s in A and %s in B\n", c->axis->name,
			   c->axis->a, c->axis->b);
	else if (!c->facts)
		tone_print(t, STRONG, "nothing recorded differs: the same thing twice\n");
	if (a || b)
		tone_print(t, DOUBTFUL, "times are those of an emulator (A: %s, B: %s)\n",
			   a ? tone_clean(a, clean, sizeof(clean)) : "none",
			   b ? tone_clean(b, other, sizeof(other)) : "none");
}

static void put_verdict(const struct tones *t, const struct compare_row *row)
{
	double size = compare_size(row);

	if (row->verdict == COMPARE_DIFFERS)
		tone_print(t, row->shift.est > 0 ? BAD : GOOD, "%s", size > 0 ? "more" : "less");
	else
		tone_print(t, FAINT, row->verdict == COMPARE_SAME ? "~" : "?");
	fputc('\n', t->out);
}

static const char *format_q(double q, char *text)
{
	if (isnan(q))
		return strcpy(text, "");
	snprintf(text, FORMAT, q < 0.001 ? "<0.001" : "%.3f", q);
	return text;
}

static const char *format_ratio(double ratio, char *text)
{
	char number[FORMAT];

	if (isnan(ratio))
		return strcpy(text, "");
	if (ratio >= 0.1 && ratio < 100)
		snprintf(text, FORMAT, "x%.2f", ratio);
	else
		snprintf(text, FORMAT, "x%.40s", format_number(ratio, number));
	return text;
}

/* What is the same to the last digit that is shown needs no sign. */
static const char *format_difference(double x, char *text)
{
	char number[FORMAT];

	format_number(fabs(x), number);
	snprintf(text, FORMAT, "%s%.40s",
		 !strcmp(number, "0") || isnan(x) ? ""
		 : x > 0                          ? "+"
						  : "-",
		 number);
	return text;
}

static void put_exits(const struct tones *t, const struct compare_row *row)
{
	char a[FORMAT], b[FORMAT], shift[FORMAT], interval[FORMAT], ratio[FORMAT], q[FORMAT];

	fprintf(t->out, COLUMNS, exitprobe_class_name(row->class),
		format_exits(&row->a.value, row->a.exits, a),
		format_exits(&row->b.value, row->b.exits, b),
		format_difference(row->shift.est, shift), format_interval(&row->shift, interval),
		format_ratio(row->ratio, ratio), format_q(row->q, q));
	put_verdict(t, row);
}

/* "-0.0" has a sign and says nothing. */
static double tenths(double x)
{
	return fabs(x) < 0.05 ? 0 : x;
}

static void put_time(const struct tones *t, const struct compare_row *row)
{
	char a[FORMAT], b[FORMAT], shift[FORMAT], interval[FORMAT] = "", ratio[FORMAT], q[FORMAT];
	double percent = 100 / row->a.value.interval.est;

	snprintf(shift, sizeof(shift), "%+.1f %%", tenths(row->shift.est * percent));
	if (!isnan(row->shift.lo))
		snprintf(interval, sizeof(interval), "%+.1f..%+.1f %%",
			 tenths(row->shift.lo * percent), tenths(row->shift.hi * percent));
	fprintf(t->out, COLUMNS, "time", format_ns(row->a.value.interval.est, a),
		format_ns(row->b.value.interval.est, b), shift, interval,
		format_ratio(row->ratio, ratio), format_q(row->q, q));
	put_verdict(t, row);
}

static void put_workload(const struct tones *t, const struct compare_row *row)
{
	const struct result_workload *w = row->workload->w;
	char name[128], op[64];

	tone_print(t, STRONG, "\n%s", tone_clean(w->name, name, sizeof(name)));
	fprintf(t->out, ", per %s (n = %zu and %zu)\n", tone_clean(w->op, op, sizeof(op)),
		row->a.value.interval.n, row->b.value.interval.n);
}

/* Repeats are the same in all rows but those of interrupted runs. */
static void put_heading(const struct tones *t, const struct compare *c)
{
	char interval[FORMAT + 16] = "interval", share[FORMAT];

	if (c->rows && c->row->shift.coverage > 0)
		snprintf(interval, sizeof(interval), "interval (%s)",
			 format_percent(c->row->shift.coverage, share));
	tone_print(t, FAINT, "\n" COLUMNS "\n", "exits/op by class", "A", "B", "B - A", interval,
		   "B / A", "q");
}

static void put_rows(const struct tones *t, const struct compare *c)
{
	const struct estimate_workload *last = NULL;
	const struct compare_row *row;
	size_t i, hidden = 0;

	put_heading(t, c);
	for (i = 0; i < c->rows; i++) {
		row = &c->row[i];
		if (!compare_visible(row)) {
			hidden++;
			continue;
		}
		if (row->workload != last)
			put_workload(t, row);
		last = row->workload;
		if (row->family == COMPARE_TIMES)
			put_time(t, row);
		else
			put_exits(t, row);
	}
	if (hidden)
		tone_print(t, FAINT,
			   "\n%zu more classes show no more than background on both sides\n",
			   hidden);
}

static void put_summary(const struct tones *t, const struct compare *c)
{
	size_t i, exits = 0, times = 0, sampled = 0;

	for (i = 0; i < c->rows; i++) {
		sampled += c->row[i].sampled;
		if (c->row[i].verdict != COMPARE_DIFFERS)
			continue;
		if (c->row[i].family == COMPARE_TIMES)
			times++;
		else
			exits++;
	}
	fprintf(t->out,
		"\n%zu classes of exits and %zu times differ (q <= %g, by at least %g exits/op or "
		"%g %%).\n",
		exits, times, COMPARE_LEVEL, COMPARE_EXITS, 100 * COMPARE_TIME);
	fprintf(t->out,
		"q: exact permutation test of the repeats%s, Benjamini-Hochberg; ~ no "
		"difference, ? too few repeats.\n",
		sampled ? " (sampled where there are over 10^6 splits)" : "");
}

static void put_warning(void *context, const char *text)
{
	const struct tones *t = context;
	char clean[640];

	tone_print(t, DOUBTFUL, "warning: ");
	fprintf(t->out, "%s\n", tone_clean(text, clean, sizeof(clean)));
}

void compare_text(const struct compare *c, const struct tones *t)
{
	put_head(t, c);
	put_rows(t, c);
	put_summary(t, c);
	compare_warnings(c, put_warning, (void *)t);
}
