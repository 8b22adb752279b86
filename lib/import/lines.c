// SPDX-License-Identifier: MIT
/*
 * What a line of a listing says. Three manners are in use: words ("exit number= 48, number_of_exits
 * =890534", with or without dmesg's time before it and the leaf's number), cpuid(1)'s registers
 * (alone, or glued to such words by an unquoted $(...), once per CPU), and plain columns.
 */
#include <ctype.h>
#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"

#define NUMBER "(0x[0-9a-f]+|[0-9]+)"
#define COUNT "(0x[0-9a-f]+|-?[0-9]{1,3}(,[0-9]{3})+|-?[0-9]+)"
/* A count ends there: "89O534" and "1.5" are none. */
#define END "([^0-9a-z.]|\\.([^0-9]|$)|$)"

enum pattern { CPUID, REASON, COUNTED, ALONE, TOTAL, COLUMNS, PATTERNS };

static const char *const patterns[PATTERNS] = {
	/* leaf, subleaf, eax */
	[CPUID] = "0x(4fffff(fc|fd|fe|ff)) 0x([0-9a-f]+): *eax=0x([0-9a-f]+)",
	/* the number in group 3 */
	[REASON] = "exit[ _-]*(reason|number|no|num|type)[ _.-]*(number|no)?[ ]*[=:#]?[ ]*" NUMBER,
	/* the number in group 3: "number_of_exits = eax=0x000d96a6" too */
	[COUNTED] = "(exits|count)[a-z_ ]*[=:]?[ ]*(eax=)?" COUNT END,
	[ALONE] = "^[ ,;:=>|-]+" COUNT "( *exits?)?[ .;]*$",
	/* the number in group 8 */
	[TOTAL] = "(total([ _]*(number|no\\.?|count)([ _]*of)?)?([ _]*(vm[ _-]*)?exits?)?([ "
		  "_]*count)?"
		  "[ ]*[=:]?|exits[ ]*[=:])[ ]*" COUNT END,
	/* number in group 1, count in 3: "48 EPT_VIOLATION 890534", "48- 890534, ffff97e0, ..." */
	[COLUMNS] = "^[ \t|]*" NUMBER "[ \t]*[-:,;=| \t][ \t]*([a-z_][a-z0-9_]*[-:,;=| \t]+)?" COUNT
		    "([,;| \t].*)?$",
};

/* Leaves of a layout, facts in kernel-patch/ABI.md: exits of reason ECX, and exits in all. */
static const struct leaves {
	enum exitprobe_backend layout;
	uint32_t count, total;
} layouts[] = {
	{ EXITPROBE_COURSE_A, 0x4ffffffd, 0x4fffffff },
	{ EXITPROBE_COURSE_B, 0x4ffffffe, 0x4ffffffc },
	{ EXITPROBE_COURSE_C, 0x4ffffffe, 0x4fffffff },
};

struct dump_lines {
	regex_t regex[PATTERNS];
	size_t compiled;
	bool pending; /* "exit number= 48, number_of_exits =" at the end of a line: registers follow
		       */
	uint32_t wanted;
	size_t pending_line;
	uint32_t other_leaf; /* a leaf that the layout does not count in; 0: none was seen */
	bool counted;        /* the layout's own leaf was there */
};

struct dump_lines *dump_lines_new(void)
{
	struct dump_lines *s = calloc(1, sizeof(*s));

	for (; s && s->compiled < PATTERNS; s->compiled++)
		if (regcomp(&s->regex[s->compiled], patterns[s->compiled],
			    REG_EXTENDED | REG_ICASE)) {
			dump_lines_free(s);
			return NULL;
		}
	return s;
}

void dump_lines_free(struct dump_lines *s)
{
	size_t i;

	for (i = 0; s && i < s->compiled; i++)
		regfree(&s->regex[i]);
	free(s);
}

/* Digits with or without thousands separators. A %d of a 32-bit counter beyond 2^31 is negative. */
static uint64_t count_of(const char *text, const regmatch_t *m)
{
	bool negative = text[m->rm_so] == '-';
	uint64_t value = 0;
	regoff_t i;

	if (text[m->rm_so] == '0' && (text[m->rm_so + 1] | 0x20) == 'x')
		return strtoull(text + m->rm_so, NULL, 16);
	for (i = m->rm_so; i < m->rm_eo; i++)
		if (isdigit((unsigned char)text[i]) && value < UINT64_C(1) << 58)
			value = 10 * value + (uint64_t)(text[i] - '0');
	return negative ? (UINT64_C(1) << 32) - (value & UINT32_MAX) : value;
}

static uint64_t number_of(const char *text, const regmatch_t *m)
{
	const char *from = text + m->rm_so;

	return strtoull(from, NULL, !strncasecmp(from, "0x", 2) ? 16 : 10);
}

static bool find(const struct dump_lines *s, enum pattern p, const char *text, regmatch_t *m)
{
	return !regexec(&s->regex[p], text, 9, m, 0);
}

static void take_count(struct dump *l, uint64_t number, uint64_t value)
{
	if (number > UINT32_MAX)
		dump_fail(l,
			  "exit number %" PRIu64 " does not exist: no reason is above 0xffffffff",
			  number);
	else
		dump_count(l, (uint32_t)number, value);
}

static const struct leaves *leaves_of(enum exitprobe_backend layout)
{
	size_t i;

	for (i = 1; i < sizeof(layouts) / sizeof(*layouts); i++)
		if (layouts[i].layout == layout)
			return &layouts[i];
	return &layouts[0];
}

static void take_registers(struct dump *l, struct dump_lines *s, uint32_t leaf, uint64_t subleaf,
			   uint64_t eax)
{
	const struct leaves *leaves = leaves_of(l->layout);

	if (leaf == leaves->total) {
		dump_total(l, eax);
	} else if (leaf == leaves->count) {
		s->counted = true;
		take_count(l, subleaf, eax);
	} else {
		s->other_leaf = leaf;
		l->cycles++;
	}
}

/* Every "0x4ffffffd 0x30: eax=..." of the line: cpuid(1) prints one per CPU, read one after
 * another. */
static bool take_cpuid(struct dump *l, struct dump_lines *s, const char *text)
{
	uint32_t leaf;
	regmatch_t m[9];
	bool any = false;

	for (; find(s, CPUID, text, m); text += m[0].rm_eo) {
		any = true;
		leaf = (uint32_t)strtoul(text + m[1].rm_so, NULL, 16);
		if (m[4].rm_eo - m[4].rm_so != 8)
			dump_fail(l,
				  "a register has %d digits, not 8: the line was cut off; "
				  "take the listing again",
				  (int)(m[4].rm_eo - m[4].rm_so));
		if (s->pending && strtoull(text + m[3].rm_so, NULL, 16) != s->wanted)
			dump_fail(l, "says exit number %" PRIu32 ", but cpuid read number %llu",
				  s->wanted, strtoull(text + m[3].rm_so, NULL, 16));
		take_registers(l, s, leaf, strtoull(text + m[3].rm_so, NULL, 16),
			       strtoull(text + m[4].rm_so, NULL, 16));
	}
	if (any)
		s->pending = false;
	return any;
}

static bool holds(const char *text, const char *word)
{
	return strcasestr(text, word) != NULL;
}

/* What follows "exit number= 48" when no registers do. */
static void take_words(struct dump *l, struct dump_lines *s, uint64_t number, const char *rest)
{
	size_t length = strlen(rest);
	regmatch_t m[9];

	while (length && isspace((unsigned char)rest[length - 1]))
		length--;
	if (find(s, COUNTED, rest, m)) {
		take_count(l, number, count_of(rest, &m[3]));
	} else if (holds(rest, "cycle") || holds(rest, "time")) {
		l->cycles++;
	} else if (holds(rest, "not ")) {
		l->left_out++;
	} else if (find(s, ALONE, rest, m)) {
		take_count(l, number, count_of(rest, &m[1]));
	} else if (!length || rest[length - 1] == '=' || rest[length - 1] == ':') {
		s->pending = true;
		s->wanted = (uint32_t)number;
		s->pending_line = l->lines;
	} else {
		dump_fail(l,
			  "no number of exits behind exit number %" PRIu64 ": mend or "
			  "remove the line",
			  number);
	}
}

static void take_total(struct dump *l, const struct dump_lines *s, const char *text)
{
	regmatch_t m[9];

	if (find(s, TOTAL, text, m))
		dump_total(l, count_of(text, &m[8]));
	else
		l->left_out++;
}

void dump_end(struct dump *l, struct dump_lines *s)
{
	const struct leaves *leaves = leaves_of(l->layout);

	if (s->pending) {
		l->lines = s->pending_line;
		dump_fail(l,
			  "no number of exits behind exit number %" PRIu32
			  ": take the listing again",
			  s->wanted);
	} else if (!s->counted && s->other_leaf && !l->counters) {
		dump_fail(l,
			  "leaf 0x%" PRIx32 ", but nowhere 0x%" PRIx32
			  ", which has the exits of a reason in %s: say --layout a, b or c as "
			  "the KVM was patched",
			  s->other_leaf, leaves->count, exitprobe_backend_name(leaves->layout));
	}
}

void dump_line(struct dump *l, struct dump_lines *s, const char *text, bool columns)
{
	regmatch_t m[9];

	if (columns) {
		/* dmesg's time */
		if (*text == '[' && strchr(text, ']'))
			text = strchr(text, ']') + 1;
		if (find(s, COLUMNS, text, m))
			take_count(l, number_of(text, &m[1]), count_of(text, &m[3]));
		else
			take_total(l, s, text);
		return;
	}
	if (find(s, REASON, text, m)) {
		if (s->pending)
			dump_end(l, s);
		s->wanted = (uint32_t)number_of(text, &m[3]);
		s->pending = true;
		if (take_cpuid(l, s, text + m[0].rm_eo))
			return;
		s->pending = false;
		take_words(l, s, number_of(text, &m[3]), text + m[0].rm_eo);
	} else if (!take_cpuid(l, s, text)) {
		take_total(l, s, text);
	}
}
