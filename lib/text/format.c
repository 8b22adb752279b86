// SPDX-License-Identifier: MIT
#include "text/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *format_thousands(double x, char *text)
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
		return format_thousands(x, text);
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

/* Three digits of the larger end, and as many as distinguish the two ends. */
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
