// SPDX-License-Identifier: MIT
#include "compare/rules.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/cells.h"
#include "result/utf8.h"

/* PATTERN:WHAT>SIZE */
struct rule {
	const char *text;
	char pattern[128];
	char what[32]; /* "exits", "time", or a class */
	bool less;     /* '<': a fall counts, not a rise */
	bool percent;
	double size;   /* percent, exits per op, or ns */
	char *message; /* of a rule that cannot be read; room bytes */
	size_t room;
};

static int bad_rule(const struct rule *r, const char *why)
{
	snprintf(r->message, r->room,
		 "--fail-on '%s': %s; write WORKLOAD:exits>5%%, :CLASS>0.1, :time>10%% or "
		 ":time>100ns",
		 r->text, why);
	return -EINVAL;
}

static bool is_class(const char *name)
{
	int i;

	for (i = 0; i < EXITPROBE_CLASSES; i++)
		if (!strcmp(exitprobe_class_name((enum exitprobe_class)i), name))
			return true;
	return false;
}

/* ns of a unit of time, 0 for none. */
static double scale_of(const char *unit)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } };
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(units[i].name, unit))
			return units[i].ns;
	return 0;
}

static int parse_size(struct rule *r, const char *text)
{
	bool time = !strcmp(r->what, "time");
	char *end;

	r->size = strtod(text, &end);
	if (end == text || !isfinite(r->size) || r->size < 0)
		return bad_rule(r, "no size of 0 or more after > or <");
	r->percent = !strcmp(end, "%");
	if (r->percent)
		return 0;
	if (time && scale_of(end) > 0)
		r->size *= scale_of(end);
	else if (time)
		return bad_rule(r, "a time needs %, ns, us, ms or s");
	else if (*end)
		return bad_rule(r, "the size must be a number, or a number and %");
	return 0;
}

static int parse(struct rule *r, const char *text, char *message, size_t size)
{
	const char *colon = strrchr(text, ':'), *sign = colon ? strpbrk(colon, "<>") : NULL;

	*r = (struct rule){ .text = text, .message = message, .room = size };
	if (!colon || colon == text)
		return bad_rule(r, "WORKLOAD: is missing");
	if (!sign || sign == colon + 1)
		return bad_rule(r, "> or < is missing after what is compared");
	if ((size_t)(colon - text) >= sizeof(r->pattern) ||
	    (size_t)(sign - colon) > sizeof(r->what))
		return bad_rule(r, "the workload or what is compared is too long");
	memcpy(r->pattern, text, (size_t)(colon - text));
	memcpy(r->what, colon + 1, (size_t)(sign - colon - 1));
	if (strcmp(r->what, "exits") && strcmp(r->what, "time") && !is_class(r->what))
		return bad_rule(r, "only exits, time or a class of exits can be compared");
	r->less = *sign == '<';
	return parse_size(r, sign + 1);
}

/* As 'suite run' selects: a name, a family or a shell pattern; of listings, the reason's name. */
static bool selects(const struct rule *r, const struct compare *c, const struct compare_row *row)
{
	size_t family = strlen(r->pattern);
	char key[24];
	const char *name;

	name = row->workload ? compare_subject(row) : compare_what(c, row, key);
	if (!strcmp(r->pattern, "all") || !fnmatch(r->pattern, name, 0))
		return true;
	return row->workload && !strncmp(name, r->pattern, family) && name[family] == '.';
}

static bool concerns(const struct rule *r, const struct compare *c, const struct compare_row *row)
{
	bool time = row->family == COMPARE_TIMES;

	if (!strcmp(r->what, "time") != time || row->background)
		return false;
	if (!time && strcmp(r->what, "exits") &&
	    (row->all || strcmp(r->what, exitprobe_class_name(row->exit_class))))
		return false;
	return selects(r, c, row);
}

static bool broken(const struct rule *r, const struct compare *c, const struct compare_row *row)
{
	double base = row->a.value.interval.est, shift = row->shift.est;
	bool counts = row->family == COMPARE_COUNTS;

	if (r->less)
		shift = -shift;
	/* A percentage of next to nothing means nothing, and less than one exit in a window
	 * cannot be seen. */
	if (r->percent && row->family != COMPARE_TIMES && !counts && shift < COMPARE_EXITS)
		return false;
	if (shift < row->resolution)
		return false;
	if (shift <= 0 || !((r->percent ? 100 * shift / fmax(base, 0) : shift) > r->size))
		return false;
	return compare_certainty(c, row) != COMPARE_SAME;
}

static int add_finding(struct emit_list *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int add_finding(struct emit_list *f, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return -ENOMEM;
	emit_keep(f, text);
	free(text);
	return f->failed ? -ENOMEM : 0;
}

static int report(struct emit_list *f, const struct rule *r, const struct compare *c,
		  const struct compare_row *row)
{
	bool certain = compare_certainty(c, row) == COMPARE_DIFFERS;
	struct compare_cells cells;
	bool emulated = row->family == COMPARE_TIMES &&
			(compare_emulator(&c->a) || compare_emulator(&c->b));
	char name[128], q[FORMAT + 4] = "";

	compare_cells(c, row, &cells);
	if (*cells.q)
		snprintf(q, sizeof(q), ", q %s", cells.q);
	return add_finding(f, "%s, %s: %s in A, %s in B, %s%s%s%s (--fail-on '%s')",
			   utf8_printable(compare_subject(row), name, sizeof(name)), cells.what,
			   cells.a, cells.b, cells.shift, q,
			   certain ? "" : ", not certain: too few values",
			   emulated ? ", an emulator's time" : "", r->text);
}

static int apply(struct emit_list *f, const struct rule *r, const struct compare *c,
		 size_t *concerned)
{
	char text[640];
	size_t i;
	int status = 0;

	for (i = 0; i < c->rows && !status; i++) {
		if (!concerns(r, c, &c->row[i]))
			continue;
		++*concerned;
		if (broken(r, c, &c->row[i]))
			status = report(f, r, c, &c->row[i]);
	}
	if (!status && strcmp(r->what, "time") && compare_untrusted(c, text, sizeof(text)))
		status = add_finding(f, "exits cannot be trusted: %s (--fail-on '%s')", text,
				     r->text);
	return status;
}

int compare_rules(struct emit_list *f, const char *const *rule, size_t rules,
		  const struct compare *c, size_t n, char *message, size_t size)
{
	size_t i, j, concerned;
	struct rule r;
	int ret = 0;

	*f = (struct emit_list){ 0 };
	for (i = 0; i < rules && !ret; i++) {
		concerned = 0;
		ret = parse(&r, rule[i], message, size);
		for (j = 0; j < n && !ret; j++)
			ret = apply(f, &r, &c[j], &concerned);
		if (ret || concerned)
			continue;
		snprintf(message, size,
			 "--fail-on '%s' matches no row: the comparison has no such workload with "
			 "that "
			 "quantity",
			 rule[i]);
		ret = -EINVAL;
	}
	return ret;
}

int compare_rules_check(const char *const *rule, size_t rules, char *message, size_t size)
{
	struct rule r;
	size_t i;
	int ret = 0;

	for (i = 0; i < rules && !ret; i++)
		ret = parse(&r, rule[i], message, size);
	return ret;
}
