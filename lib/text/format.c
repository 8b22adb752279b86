// SPDX-License-Identifier: MIT
#include "text/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* docs/method.md: a value this near to an integer, or within two standard errors of it, is shown as
 * the integer; but a wide interval must not make an integer of anything. */
#define NEAR 0.02
#define NEAR_MOST 0.1
#define WIDE 0.5

static const char *thousands(double x, char *text)
{
	char digits[40];
	size_t length, i, to = 0;
	const char *from = digits;

	snprintf(digits, sizeof(digits), "%.0f", x);
	if (*from == '-')
		text[to++] = *from++;
	length = strlen(from);
	for (i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			text[to++] = ',';
		text[to++] = from[i];
	}
	text[to] = 0;
	return text;
}

const char *format_number(double x, char *text)
{
	double size = fabs(x);

	if (isnan(x))
		return strcpy(text, "-");
	if (isinf(x) || size >= 1e15)
		snprintf(text, FORMAT, "%g", x);
	else if (size >= 1000 || x == round(x))
		return thousands(x, text);
	else if (size >= 100)
		snprintf(text, FORMAT, "%.1f", x);
	else if (size >= 10)
		snprintf(text, FORMAT, "%.2f", x);
	else if (size >= 0.01)
		snprintf(text, FORMAT, "%.3f", x);
	else if (size < 5e-7)
		strcpy(text, "0");
	else
		snprintf(text, FORMAT, "%.1g", x);
	return text;
}

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
		return thousands(whole, text);
	parts = as_fraction(v);
	if (!parts)
		return format_number(i->est, text);
	snprintf(text, FORMAT, "%.30s ~1/%d", format_number(i->est, number), parts);
	return text;
}

/* Three digits of the larger end, and as many as it takes to tell the two apart. */
static int interval_decimals(const struct stats_interval *i)
{
	double width = i->hi - i->lo, size = fmax(fabs(i->lo), fabs(i->hi));
	int decimals = size > 0 ? 2 - (int)floor(log10(size)) : 0;

	if (size >= 0.1 && size < 10)
		decimals = 3;
	if (width > 0 && -floor(log10(width)) > decimals)
		decimals = (int)-floor(log10(width));
	return decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;
}

const char *format_interval(const struct stats_interval *i, char *text)
{
	int decimals = interval_decimals(i);
	/* No "-0.000". */
	double tiny = 0.5 * pow(10, -decimals);

	if (isnan(i->lo) || isnan(i->hi))
		return strcpy(text, "");
	snprintf(text, FORMAT, "%.*f..%.*f", decimals, fabs(i->lo) < tiny ? 0 : i->lo, decimals,
		 fabs(i->hi) < tiny ? 0 : i->hi);
	return text;
}

const char *format_band(const struct estimate_class *c, char *text)
{
	double low = c->low < 0 ? 0 : c->low, middle = (low + c->high) / 2;

	if (isnan(c->low))
		strcpy(text, "");
	else if (isinf(c->high))
		snprintf(text, FORMAT, ">=%.4g", low);
	else if (low == 0 && c->high == ESTIMATE_ROOM)
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

const char *format_ns(double ns, char *text)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	char number[FORMAT];
	size_t unit = 0;

	while (ns >= 10000 && unit < 3) {
		ns /= 1000;
		unit++;
	}
	if (isnan(ns))
		return strcpy(text, "-");
	snprintf(text, FORMAT, "%.40s %s", format_number(ns, number), units[unit]);
	return text;
}

const char *format_percent(double share, char *text)
{
	snprintf(text, FORMAT, "%.1f %%", 100 * share);
	return text;
}
