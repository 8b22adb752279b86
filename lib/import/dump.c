// SPDX-License-Identifier: MIT
#include "import/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Course counts are 32 bits wide: a fall by more than half of that is a wrap. */
#define WRAP (UINT64_C(1) << 32)

void listing_fail(struct listing *l, const char *format, ...)
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

static const char *counter_name(const struct listing *l, const struct listing_counter *c,
				char text[40])
{
	const struct exitprobe_reason *reason = exitprobe_reason(l->vendor, c->code);

	if (c == &l->total)
		return "the total";
	snprintf(text, 40, "exit number %" PRIu32 "%s%.24s", c->code, reason ? " " : "",
		 reason ? reason->name : "");
	return text;
}

static void read_again(struct listing *l, struct listing_counter *c, uint64_t value)
{
	char name[40];

	if (!c->readings)
		c->first = value;
	while (c->readings && value < c->last && c->last - value > WRAP / 2)
		value += WRAP;
	if (c->readings && value < c->last)
		listing_fail(l,
			     "%s is %" PRIu64 ", but was %" PRIu64
			     " in line %zu, and counters only grow: these are two listings; give "
			     "each in a file of its own",
			     counter_name(l, c, name), value, c->last, c->line);
	c->last = value;
	c->line = l->lines;
	c->readings++;
}

void listing_total(struct listing *l, uint64_t value)
{
	if (!l->error)
		read_again(l, &l->total, value);
}

/* Position of a code in the ascending list, or where it would stand. */
static size_t position(const struct listing *l, uint32_t code)
{
	size_t i = 0;

	while (i < l->counters && l->counter[i].code < code)
		i++;
	return i;
}

void listing_count(struct listing *l, uint32_t code, uint64_t value)
{
	size_t at = position(l, code);
	struct listing_counter *list = l->counter;

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
		list[at] = (struct listing_counter){ .code = code };
		l->counters++;
	}
	if (value && !exitprobe_reason(l->vendor, code))
		listing_fail(l,
			     "exit number %" PRIu32 " has %" PRIu64
			     " exits, but %s defines no such reason: is --vendor right?",
			     code, value, exitprobe_vendor_name(l->vendor));
	read_again(l, &list[at], value);
	l->readings++;
}

static int read_lines(struct listing *l, FILE *in, bool columns)
{
	struct listing_lines *state = listing_lines_new();
	size_t room = 0, length;
	char *text = NULL;
	ssize_t got;

	if (!state)
		return -ENOMEM;
	while (!l->error && (got = getline(&text, &room, in)) >= 0) {
		length = (size_t)got;
		while (length && (text[length - 1] == '\n' || text[length - 1] == '\r'))
			text[--length] = 0;
		l->lines++;
		listing_line(l, state, text, columns);
	}
	if (!l->error && ferror(in))
		l->error = -EIO;
	if (!l->error)
		listing_end(l, state);
	free(text);
	listing_lines_free(state);
	return l->error;
}

static uint64_t last_of(const struct listing *l, uint32_t code)
{
	size_t at = position(l, code);

	return at < l->counters && l->counter[at].code == code ? l->counter[at].last : 0;
}

/* Whoever read these counters in a guest executed CPUID, which exits on both vendors. */
static void check_vendor(struct listing *l)
{
	const uint32_t vmx_cpuid = 10, svm_cpuid = 0x72;
	bool vmx = l->vendor == EXITPROBE_VMX;

	if (!last_of(l, vmx ? vmx_cpuid : svm_cpuid) && last_of(l, vmx ? svm_cpuid : vmx_cpuid))
		listing_fail(l,
			     "no exit of CPUID as %s counts it (%s), but of %s (%s): say --vendor "
			     "%s",
			     vmx ? "vmx" : "svm", vmx ? "10" : "0x72", vmx ? "svm" : "vmx",
			     vmx ? "0x72" : "10", vmx ? "svm" : "vmx");
}

int listing_read(struct listing *l, FILE *in)
{
	int ret = read_lines(l, in, false);

	if (!ret && !l->counters && !fseek(in, 0, SEEK_SET)) {
		l->lines = l->left_out = l->cycles = 0;
		l->total = (struct listing_counter){ 0 };
		ret = read_lines(l, in, true);
	}
	if (ret)
		return ret;
	if (!l->counters)
		listing_fail(l, "the end, and no line gave the exits of a reason: lines like "
				"'exit number= 48, number_of_exits =890534' or what cpuid -l "
				"0x4ffffffd -s N prints are read");
	else
		check_vendor(l);
	return l->error;
}

void listing_free(struct listing *l)
{
	free(l->counter);
	l->counter = NULL;
	l->counters = 0;
}
