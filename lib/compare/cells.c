// SPDX-License-Identifier: MIT
#include "compare/cells.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "estimate/figures.h"
#include "result/utf8.h"
#include "text/emit.h"

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

/* "-0.0" has a sign and says nothing. */
static double tenths(double x)
{
	return fabs(x) < 0.05 ? 0 : x;
}

static void time_cells(const struct compare_row *row, struct compare_cells *c)
{
	double percent = 100 / row->a.value.interval.est;

	format_ns(row->a.value.interval.est, c->a);
	format_ns(row->b.value.interval.est, c->b);
	snprintf(c->shift, sizeof(c->shift), "%+.1f %%", tenths(row->shift.est * percent));
	if (isnan(row->shift.lo))
		c->interval[0] = 0;
	else
		snprintf(c->interval, sizeof(c->interval), "%+.1f..%+.1f %%",
			 tenths(row->shift.lo * percent), tenths(row->shift.hi * percent));
}

void compare_cells(const struct compare_row *row, struct compare_cells *c)
{
	if (row->family == COMPARE_TIMES) {
		time_cells(row, c);
	} else {
		if (row->family == COMPARE_COUNTS) {
			format_number(row->a.value.interval.est, c->a);
			format_number(row->b.value.interval.est, c->b);
		} else {
			format_exits(&row->a.value, row->a.exits, c->a);
			format_exits(&row->b.value, row->b.exits, c->b);
		}
		format_difference(row->shift.est, c->shift);
		format_interval(&row->shift, c->interval);
	}
	format_ratio(row->ratio, c->ratio);
	format_q(row->q, c->q);
}

static const char *file_name(const struct estimate *e, char *text, size_t size)
{
	return utf8_printable(e->result->path ? e->result->path : "a file", text, size);
}

/* All that the files of a side say of their paging mode; "some nested, some shadow" is said by the
 * warnings. */
static void put_paging(const struct estimate *e, char *text, size_t size)
{
	const struct result *r = e->result;
	char source[64], value[64];

	if (r->paging == EXITPROBE_PAGING_UNKNOWN && e->fingerprint != EXITPROBE_LOOKS_UNDECIDED)
		snprintf(text, size, "%s paging (from: its counts)",
			 compare_label_of(e, "paging", value));
	else
		snprintf(text, size, "%s paging (from: %s)", exitprobe_paging_name(r->paging),
			 utf8_printable(r->paging_source ? r->paging_source : "not recorded",
					source, sizeof(source)));
}

const char *compare_side_line(const struct compare_group *g, char *text, size_t size)
{
	const struct estimate *e = g->file[0];
	char first[160], last[160], name[64] = "", paging[160], how[64];

	put_paging(e, paging, sizeof(paging));
	if (e->result->dump)
		snprintf(how, sizeof(how), "a listing");
	else if (compare_is_dump(e))
		snprintf(how, sizeof(how), "counts since the VM started");
	else
		snprintf(how, sizeof(how), "%u repeats%s", e->result->repeat,
			 e->result->complete ? "" : ", not completed");
	if (g->name)
		snprintf(name, sizeof(name), "%.60s: ", g->name);
	if (g->files == 1)
		snprintf(text, size, "%s%s: %s, %s", name, file_name(e, first, sizeof(first)),
			 paging, how);
	else
		snprintf(text, size, "%s%zu files, %s to %s: %s, %s each", name, g->files,
			 file_name(e, first, sizeof(first)),
			 file_name(g->file[g->files - 1], last, sizeof(last)), paging, how);
	return text;
}

const char *compare_axis_line(const struct compare *c, char *text, size_t size)
{
	if (c->axis)
		snprintf(text, size, "what differs: %s, %s in A and %s in B", c->axis->name,
			 c->axis->a, c->axis->b);
	else if (!c->labels)
		snprintf(text, size, "nothing recorded differs: the same thing twice");
	else
		text[0] = 0;
	return text;
}

const char *compare_n(const struct compare *c, const struct compare_row *row, char *text,
		      size_t size)
{
	snprintf(text, size, "n = %zu and %zu%s", row->a.value.interval.n, row->b.value.interval.n,
		 c->unit == COMPARE_FILES ? " files" : "");
	return text;
}

const char *compare_interval_heading(const struct compare *c, char *text, size_t size)
{
	char share[FORMAT];

	if (c->rows && c->row->shift.coverage > 0)
		snprintf(text, size, "interval (%s)",
			 format_percent(c->row->shift.coverage, share));
	else
		snprintf(text, size, "interval");
	return text;
}

enum kind { UNCHANGED, ONLY_A, ONLY_B };

static bool is_kind(const struct compare_row *row, enum kind kind)
{
	if (row->all)
		return false;
	switch (kind) {
	case ONLY_A:
		return row->a.exits && !row->b.exits;
	case ONLY_B:
		return !row->a.exits && row->b.exits;
	default:
		return row->a.exits && fabs(compare_size(row)) < COMPARE_TIME;
	}
}

static void name_kind(const struct emitter *s, const struct compare *c, enum kind kind,
		      const char *label)
{
	char text[512], key[24];
	size_t i, length = 0;

	for (i = 0; i < c->rows; i++) {
		if (!is_kind(&c->row[i], kind) || length + 40 > sizeof(text))
			continue;
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
					   length ? ", " : "", compare_what(c, &c->row[i], key));
	}
	if (length)
		emit_line(s, "%s: %s", label, text);
}

void compare_count_lines(const struct compare *c, void (*emit)(void *context, const char *text),
			 void *context)
{
	const struct emitter s = { emit, context };
	const struct compare_row *all = c->row;
	char a[FORMAT], b[FORMAT], ratio[FORMAT] = "nothing to divide by";

	if (!c->rows || !all->all)
		return;
	if (!isnan(all->ratio))
		snprintf(ratio, sizeof(ratio), all->ratio < 10 ? "x%.3g" : "x%.1f", all->ratio);
	emit_line(&s, "%s exits in A, %s in B: %s", format_number(all->a.value.interval.est, a),
		  format_number(all->b.value.interval.est, b), ratio);
	name_kind(&s, c, UNCHANGED, "unchanged (within 2 %)");
	name_kind(&s, c, ONLY_A, "only in A");
	name_kind(&s, c, ONLY_B, "only in B");
}

const char *compare_summary(const struct compare *c, char *text, size_t size)
{
	size_t i, exits = 0, times = 0, counts = 0;

	for (i = 0; i < c->rows; i++) {
		if (c->row[i].verdict != COMPARE_DIFFERS)
			continue;
		exits += c->row[i].workload && c->row[i].family != COMPARE_TIMES;
		times += c->row[i].family == COMPARE_TIMES;
		counts += c->row[i].family == COMPARE_COUNTS;
	}
	if (c->rows && c->row->family == COMPARE_COUNTS)
		snprintf(text, size,
			 "%zu reasons differ with certainty (q <= %g, by at least %g %%).", counts,
			 COMPARE_LEVEL, 100 * COMPARE_TIME);
	else
		snprintf(text, size,
			 "%zu classes of exits and %zu times differ (q <= %g, by at least %g "
			 "exits/op or %g %%).",
			 exits, times, COMPARE_LEVEL, COMPARE_EXITS, 100 * COMPARE_TIME);
	return text;
}
