// SPDX-License-Identifier: MIT
/* What the lines of a dump say, by reason: first and last reading. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"

/* Course counts are 32 bits wide: a fall by more than half of that is a wrap. */
#define WRAP (UINT64_C(1) << 32)
/* Two CPUs that print at once change places: a fall of so few, below one percent, is no restart. */
#define RACE 64

void dump_fail(struct dump *l, const char *format, ...)
{
	char text[256], *at;
	va_list args;

	if (l->error)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	l->error = -EINVAL;
	snprintf(l->message, l->size, "%s:%zu: %s", l->path, l->lines, text);
	/* One line, whatever the file holds. */
	for (at = l->message; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	if (l->explain)
		fprintf(l->explain, "%zu: error: %s\n", l->lines, text);
}

static const char *counter_name(const struct dump *l, const struct dump_counter *c, char text[40])
{
	const struct exitprobe_reason *reason = exitprobe_reason(l->vendor, c->code);

	if (c == &l->total)
		return "the total";
	snprintf(text, 40, "exit number %" PRIu32 "%s%.24s", c->code, reason ? " " : "",
		 reason ? reason->name : "");
	return text;
}

static void remember_dump(struct dump *l, struct dump_counter *c)
{
	if (c->readings && c->dump != l->dumps) {
		c->before = c->last;
		c->earlier = true;
	}
	c->dump = l->dumps;
	c->line = l->lines;
}

static void read_again(struct dump *l, struct dump_counter *c, uint64_t value)
{
	char name[40];
	size_t line = c->line;

	remember_dump(l, c);
	if (!c->readings)
		c->first = value;
	while (c->readings && value < c->last && c->last - value > WRAP / 2 &&
	       c->last - value < 4 * WRAP)
		value += WRAP;
	if (c->readings && value < c->last && c->last - value <= RACE &&
	    c->last - value <= c->last / 100) {
		l->races++;
		value = c->last;
	}
	if (c->readings && value < c->last)
		dump_fail(l,
			  "%s is %" PRIu64 ", but was %" PRIu64
			  " in line %zu, and counters only grow: these are two listings; give "
			  "each in a file of its own",
			  counter_name(l, c, name), value, c->last, line);
	c->last = value;
	c->readings++;
}

void dump_total(struct dump *l, uint64_t value)
{
	if (l->error)
		return;
	read_again(l, &l->total, value);
	if (l->explain && !l->error)
		fprintf(l->explain, "%zu: total: %" PRIu64 "\n", l->lines, value);
}

void dump_skip(struct dump *l, const char *why)
{
	l->left_out++;
	if (l->explain && !l->error)
		fprintf(l->explain, "%zu: left out: %s\n", l->lines, why);
}

void dump_skip_time(struct dump *l)
{
	l->cycles++;
	if (l->explain && !l->error)
		fprintf(l->explain, "%zu: left out: a time\n", l->lines);
}

/* Position of a code in the ascending list, or where it would stand. */
static size_t position(const struct dump *l, uint32_t code)
{
	size_t i = 0;

	while (i < l->counters && l->counter[i].code < code)
		i++;
	return i;
}

static struct dump_counter *counter_of(struct dump *l, uint32_t code)
{
	size_t at = position(l, code);
	struct dump_counter *list = l->counter;

	if (at < l->counters && list[at].code == code)
		return &list[at];
	list = reallocarray(list, l->counters + 1, sizeof(*list));
	if (!list) {
		l->error = -ENOMEM;
		return NULL;
	}
	l->counter = list;
	memmove(list + at + 1, list + at, (l->counters - at) * sizeof(*list));
	list[at] = (struct dump_counter){ .code = code };
	l->counters++;
	return &list[at];
}

static struct dump_counter *known(struct dump *l, uint32_t code, uint64_t value)
{
	const uint32_t undefined = l->vendor == EXITPROBE_VMX ? 255 : 0x41f;

	if (l->error)
		return NULL;
	if (code == EXITPROBE_CODE_OTHER || (!exitprobe_reason(l->vendor, code) && value)) {
		if (value <= UINT32_MAX && exitprobe_reason(l->vendor, (uint32_t)value))
			dump_fail(l,
				  "no exit number %" PRIu32
				  ": is the count in the first column? And is --vendor right? (%s "
				  "defines no such reason)",
				  code, exitprobe_vendor_name(l->vendor));
		else
			dump_fail(l,
				  "exit number %" PRIu32 " has %" PRIu64
				  " exits, but %s defines no such reason: is --vendor right?",
				  code, value, exitprobe_vendor_name(l->vendor));
		return NULL;
	}
	if (value > INT64_MAX) {
		dump_fail(l, "%" PRIu64 " is no count of exits: the counter wrapped below 0",
			  value);
		return NULL;
	}
	/* Zeros of numbers that the manual does not define are no counters, and may be many. */
	if (!exitprobe_reason(l->vendor, code) && code > undefined) {
		dump_fail(l, "no exit number %" PRIu32 ": is the count in the first column?", code);
		return NULL;
	}
	return counter_of(l, code);
}

static void explain_count(const struct dump *l, const char *form, const struct dump_counter *c,
			  uint64_t value)
{
	char name[40];

	if (l->explain)
		fprintf(l->explain, "%zu: %s: %s = %" PRIu64 "\n", l->lines, form,
			counter_name(l, c, name), value);
}

void dump_time(struct dump *l, double seconds)
{
	double pause = seconds - l->seconds;

	if (seconds < 0)
		return;
	if (l->seconds >= 0 && l->readings && (pause > l->gap || pause < -1)) {
		l->gap = pause < 0 ? -pause : pause;
		l->gap_line = l->lines;
	}
	l->seconds = seconds;
}

void dump_count(struct dump *l, const char *form, uint32_t code, uint64_t value)
{
	struct dump_counter *c = known(l, code, value);

	if (!c)
		return;
	explain_count(l, form, c, value);
	read_again(l, c, value);
	l->readings++;
	l->in_dump++;
}

void dump_add(struct dump *l, const char *form, uint32_t code, uint64_t value)
{
	struct dump_counter *c = known(l, code, value);

	if (!c)
		return;
	explain_count(l, form, c, value);
	if (__builtin_add_overflow(c->last, value, &c->last) || c->last > INT64_MAX)
		dump_fail(l, "the sum of exits is beyond 64 bits");
	c->first = c->last;
	c->line = l->lines;
	l->readings += !c->readings;
	c->readings = 1;
}

void dump_begin(struct dump *l)
{
	if (l->in_dump || !l->dumps)
		l->dumps++;
	l->in_dump = 0;
}

static void take_back(struct dump_counter *c, size_t dump)
{
	if (c->dump == dump && c->earlier)
		c->last = c->before;
}

void dump_whole(struct dump *l)
{
	size_t i, missing = 0, kept = 0;

	for (i = 0; i < l->counters; i++)
		missing += l->counter[i].dump + 1 == l->dumps && l->counter[i].last;
	if (l->error || l->dumps < 2 || !missing)
		return;
	l->cut = l->in_dump;
	for (i = 0; i < l->counters; i++) {
		take_back(&l->counter[i], l->dumps);
		if (l->counter[i].dump != l->dumps || l->counter[i].earlier)
			l->counter[kept++] = l->counter[i];
	}
	l->counters = kept;
	take_back(&l->total, l->dumps);
}

uint64_t dump_last(const struct dump *l, uint32_t code)
{
	size_t at = position(l, code);

	return at < l->counters && l->counter[at].code == code ? l->counter[at].last : 0;
}
