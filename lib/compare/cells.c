// SPDX-License-Identifier: MIT
#include "compare/cells.h"

#include <math.h>
#include <string.h>

#include "estimate/figures.h"

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

/* A difference that rounds to 0 has no sign. */
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

/* Avoids "-0.0". */
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

static void value_cells(const struct compare_row *row, struct compare_cells *c)
{
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

void compare_cells(const struct compare *c, const struct compare_row *row,
		   struct compare_cells *cells)
{
	cells->row = row;
	cells->key[0] = 0;
	cells->what = compare_what(c, row, cells->key);
	if (row->family == COMPARE_COUNTS && row->code != EXITPROBE_CODE_OTHER)
		exitprobe_key(c->a.file[0]->result->vendor, row->code, cells->key);
	if (row->family == COMPARE_TIMES)
		time_cells(row, cells);
	else
		value_cells(row, cells);
	format_ratio(row->ratio, cells->ratio);
	format_q(row->q, cells->q);
	cells->sign = compare_verdict_sign(row);
}
