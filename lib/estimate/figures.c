// SPDX-License-Identifier: MIT
#include "estimate/figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* docs/method.md: a value this near to an integer, or within two standard errors of it, is shown as
 * the integer; but a wide interval must not make an integer of anything. */
#define NEAR 0.02
#define NEAR_MOST 0.1
#define WIDE 0.5

/* An integer that the estimate may be shown as, or NaN. 0 only when the blocks do not contradict.
 */
static double as_integer(const struct estimate_value *v)
{
	const struct stats_interval *i = &v->interval;
	double whole = round(i->est) + 0.0, error = 2 * estimate_error(v);

	if (fabs(i->est - whole) > fmax(NEAR, fmin(error, NEAR_MOST)) || i->hi - i->lo > WIDE)
		return NAN;
	if (whole == 0 && (i->lo > 0 || i->hi < 0))
		return NAN;
	return whole;
}

/* 1/2 .. 1/1024: how hardware and kernels divide (entries of a table, neighbours prefetched). */
static int as_fraction(const struct estimate_value *v)
{
	double est = v->interval.est, error = 2 * estimate_error(v);
	int parts;

	if (!(v->interval.lo > 0))
		return 0;
	for (parts = 2; parts <= 1024; parts *= 2)
		if (fabs(est * parts - 1) <= fmax(0.02, fmin(error * parts, 0.05)))
			return parts;
	return 0;
}

const char *format_exits(const struct estimate_value *v, uint64_t exits, char *text)
{
	const struct stats_interval *i = &v->interval;
	double whole = as_integer(v);
	char number[FORMAT];
	int parts;

	if (isnan(i->est))
		return strcpy(text, "-");
	if (!exits) {
		snprintf(text, FORMAT, "0 (<%.1g)", i->hi);
		return text;
	}
	if (!isnan(whole))
		return format_thousands(whole, text);
	parts = as_fraction(v);
	if (!parts)
		return format_number(i->est, text);
	snprintf(text, FORMAT, "%.30s ~1/%d", format_number(i->est, number), parts);
	return text;
}

const char *format_band(const struct estimate_class *c, char *text)
{
	double low = c->low < 0 ? 0 : c->low, middle = (low + c->high) / 2;

	if (isnan(c->low))
		strcpy(text, "");
	else if (isinf(c->high))
		snprintf(text, FORMAT, ">=%.4g", low);
	else if (low == 0 && c->high == ESTIMATE_TOLERANCE)
		strcpy(text, "0");
	else if (!c->declared)
		strcpy(text, "background");
	/* An integer and its room of half a percent. */
	else if (middle == round(middle) && c->high - low < 0.011 * middle)
		snprintf(text, FORMAT, "%.0f", middle);
	else
		snprintf(text, FORMAT, "%.4g..%.4g", low, c->high);
	return text;
}
