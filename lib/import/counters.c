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

static void read_again(struct dump *l, struct dump_counter *c, uint64_t value)
{
	char name[40];

	if (!c->readings)
		c->first = value;
	while (c->readings && value < c->last && c->last - value > WRAP / 2)
		value += WRAP;
	if (c->readings && value < c->last)
		dump_fail(l,
			  "%s is %" PRIu64 ", but was %" PRIu64
			  " in line %zu, and counters only grow: these are two listings; give "
			  "each in a file of its own",
			  counter_name(l, c, name), value, c->last, c->line);
	c->last = value;
	c->line = l->lines;
	c->readings++;
}

void dump_total(struct dump *l, uint64_t value)
{
	if (!l->error)
		read_again(l, &l->total, value);
}

/* Position of a code in the ascending list, or where it would stand. */
static size_t position(const struct dump *l, uint32_t code)
{
	size_t i = 0;

	while (i < l->counters && l->counter[i].code < code)
		i++;
	return i;
}

void dump_count(struct dump *l, uint32_t code, uint64_t value)
{
	size_t at = position(l, code);
	struct dump_counter *list = l->counter;

	if (l->error)
		return;
	if (at == l->counters || list[at].code != code) {
		list = reallocarray(list, l->counters + 1, sizeof(*list));
		if (!list) {
			l->error = -ENOMEM;
			return;
		}
		l->counter = list;
		memmove(list + at + 1, list + at, (l->counters - at) * sizeof(*list));
		list[at] = (struct dump_counter){ .code = code };
		l->counters++;
	}
	if (value && !exitprobe_reason(l->vendor, code))
		dump_fail(l,
			  "exit number %" PRIu32 " has %" PRIu64
			  " exits, but %s defines no such reason: is --vendor right?",
			  code, value, exitprobe_vendor_name(l->vendor));
	read_again(l, &list[at], value);
	l->readings++;
}

uint64_t dump_last(const struct dump *l, uint32_t code)
{
	size_t at = position(l, code);

	return at < l->counters && l->counter[at].code == code ? l->counter[at].last : 0;
}
