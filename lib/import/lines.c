// SPDX-License-Identifier: MIT
/*
 * What a line of a listing says. Its numbers are classed by the words next to them (sentence.c),
 * and the classes have to make up one of the forms below, to the end of the line.
 */
#include "import/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "import/grammar.h"
#include "import/words.h"

/* Leaves of a layout, facts in kernel-patch/ABI.md: exits of reason ECX, and exits in all. */
static const struct leaves {
	enum exitprobe_backend layout;
	uint32_t count, total;
} layouts[] = {
	{ EXITPROBE_COURSE_A, 0x4ffffffd, 0x4fffffff },
	{ EXITPROBE_COURSE_B, 0x4ffffffe, 0x4ffffffc },
	{ EXITPROBE_COURSE_C, 0x4ffffffe, 0x4fffffff },
};

struct dump_lines *dump_lines_new(void)
{
	return calloc(1, sizeof(struct dump_lines));
}

void dump_lines_free(struct dump_lines *s)
{
	if (!s)
		return;
	tokens_free(&s->tokens);
	free(s->table.text);
	free(s);
}

static const struct leaves *leaves_of(enum exitprobe_backend layout)
{
	size_t i;

	for (i = 1; i < sizeof(layouts) / sizeof(*layouts); i++)
		if (layouts[i].layout == layout)
			return &layouts[i];
	return &layouts[0];
}

/* A listing without headings begins again where its first reason is read again. */
static void follow_dumps(struct dump *l, struct dump_lines *s, uint32_t code)
{
	if (!s->has_first || (s->has_second && code == s->first_code)) {
		if (s->has_first)
			dump_begin(l);
		else if (!l->dumps)
			l->dumps = 1;
		s->first_code = code;
		s->has_first = true;
		s->has_second = false;
	} else if (code != s->first_code) {
		s->has_second = true;
	}
}

void line_count(struct dump *l, struct dump_lines *s, const char *form, uint64_t number,
		uint64_t value)
{
	if (number > UINT32_MAX) {
		dump_fail(l,
			  "exit number %" PRIu64 " does not exist: no reason is above 0xffffffff",
			  number);
		return;
	}
	/* Columns say the least of what they are: nothing else may stand with them. */
	if (!s->words_line && strcmp(form, "columns") && strcmp(form, "name and count"))
		s->words_line = l->lines;
	follow_dumps(l, s, (uint32_t)number);
	dump_count(l, form, (uint32_t)number, value);
}

static void unfinished(struct dump *l, struct dump_lines *s)
{
	size_t line = l->lines;

	l->lines = s->pending_line;
	dump_fail(l, "no number of exits behind exit number %" PRIu32 ": take the listing again",
		  s->wanted);
	if (!l->error)
		l->lines = line;
}

static void take_registers(struct dump *l, struct dump_lines *s, uint32_t leaf, uint64_t subleaf,
			   uint64_t eax)
{
	const struct leaves *leaves = leaves_of(l->layout);

	if (leaf == leaves->total) {
		dump_total(l, eax);
	} else if (leaf == leaves->count) {
		s->counted = true;
		line_count(l, s, "cpuid", subleaf, eax);
	} else {
		s->other_leaf = leaf;
		dump_skip_time(l);
	}
}

/* "0x4ffffffd 0x30: eax=0x000d96a6" from token i on. */
static bool registers_at(const struct tokens *t, size_t i)
{
	const struct token *k = t->list + i;

	return i + 5 < t->n && k[0].hex && k[0].length == 10 && k[0].value >= 0x4ffffffc &&
	       k[0].value <= 0x4fffffff && k[1].hex && token_sign(t, i + 2, ":") &&
	       token_is(&k[3], "eax") && token_sign(t, i + 4, "=") && k[5].hex;
}

/* Every one of the line: cpuid(1) prints one per CPU, read one after another. */
static bool take_cpuid(struct dump *l, struct dump_lines *s, bool said, uint64_t number)
{
	const struct tokens *t = &s->tokens;
	bool any = false;
	size_t i;

	for (i = 0; i < t->n && !l->error; i++) {
		if (!registers_at(t, i))
			continue;
		any = true;
		if (t->list[i + 5].length != 10)
			dump_fail(l,
				  "a register has %zu digits, not 8: the line was cut off; "
				  "take the listing again",
				  t->list[i + 5].length - 2);
		if (said && t->list[i + 1].value != number)
			dump_fail(l, "says exit number %" PRIu64 ", but cpuid read number %" PRIu64,
				  number, t->list[i + 1].value);
		take_registers(l, s, (uint32_t)t->list[i].value, t->list[i + 1].value,
			       t->list[i + 5].value);
	}
	return any;
}

/* Per-vCPU counts are no counters of the VM. */
static void same_cpu(struct dump *l, struct dump_lines *s)
{
	const struct sentence *n = &s->sentence;

	if (n->has_cpu && s->has_cpu && n->cpu != s->cpu)
		dump_fail(l,
			  "exits of CPU %" PRIu64 ", and of CPU %" PRIu64
			  " before: add them up, or give one CPU's",
			  n->cpu, s->cpu);
	s->has_cpu = s->has_cpu || n->has_cpu;
	s->cpu = n->cpu;
}

static void pairs(struct dump *l, struct dump_lines *s, const char *form, size_t reason,
		  size_t count)
{
	const struct sentence *n = &s->sentence;
	size_t i;

	same_cpu(l, s);
	for (i = 0; i + 1 < n->n; i += 2)
		line_count(l, s, form, n->value[i + reason], n->value[i + count]);
	if (s->pending && (n->letters[0] != REASON || s->wanted != n->value[reason]))
		unfinished(l, s);
	s->pending = false;
}

static void take_words(struct dump *l, struct dump_lines *s, const char *form)
{
	if (s->held && s->count != s->sentence.value[1])
		dump_fail(l,
			  "a number of exits without a reason in line %zu: if it is the total, "
			  "write 'total exits = N'",
			  s->held_line);
	s->held = false;
	pairs(l, s, form, 0, 1);
}

static void take_reversed(struct dump *l, struct dump_lines *s, const char *form)
{
	pairs(l, s, form, 1, 0);
}

/* Two numbers of one reading have a sign between them, where there are more readings. */
static bool joined(const struct sentence *n, size_t i)
{
	const char *at = n->token[i]->at + n->token[i]->length;
	bool sign = false;

	for (; at < n->token[i + 1]->at; at++)
		sign = sign || strchr(":=>-", *at);
	return sign;
}

static bool several(const struct sentence *n)
{
	size_t i;

	if (n->n % 2)
		return false;
	for (i = 0; i + 1 < n->n; i++)
		if (joined(n, i) != !(i % 2))
			return false;
	return true;
}

static void take_columns(struct dump *l, struct dump_lines *s, const char *form)
{
	const struct sentence *n = &s->sentence;

	if (!s->columns_line)
		s->columns_line = l->lines;
	if (n->n > 2 && !several(n)) {
		dump_fail(l,
			  "columns 2 and 3 are both counts (%" PRIu64 " and %" PRIu64
			  "): leave one of them",
			  n->value[1], n->value[2]);
		return;
	}
	pairs(l, s, form, 0, 1);
}

static void take_total(struct dump *l, struct dump_lines *s, const char *form)
{
	const struct sentence *n = &s->sentence;

	(void)form;
	if (n->heading || n->after_exits) {
		dump_begin(l);
		s->has_first = s->has_second = false;
	}
	dump_total(l, n->value[0]);
}

/* A listing whose readings are in two lines has one order throughout. */
static void two_lines(struct dump *l, struct dump_lines *s, char first, uint64_t number,
		      uint64_t value)
{
	if (s->order && s->order != first)
		dump_fail(l, "the reason is in the line before its count here, and behind it "
			     "elsewhere: take the listing again");
	s->order = first;
	line_count(l, s, "reason and count in two lines", number, value);
}

static void hear_reason(struct dump *l, struct dump_lines *s, uint64_t number)
{
	if (s->pending && s->wanted != number)
		unfinished(l, s);
	if (number > UINT32_MAX)
		dump_fail(l, "exit number %" PRIu64 " does not exist", number);
	if (s->held && s->order != REASON) {
		two_lines(l, s, COUNT, number, s->count);
		s->held = false;
		return;
	}
	s->pending = true;
	s->wanted = (uint32_t)number;
	s->pending_line = l->lines;
}

static void take_reason(struct dump *l, struct dump_lines *s, const char *form)
{
	const struct sentence *n = &s->sentence;

	(void)form;
	if (n->times) {
		dump_skip_time(l);
	} else if (n->negated) {
		if (s->pending && s->wanted == n->value[0])
			s->pending = false;
		dump_skip(l, "a reason without a count");
	} else {
		hear_reason(l, s, n->value[0]);
	}
}

static void take_alone(struct dump *l, struct dump_lines *s, const char *form)
{
	const struct sentence *n = &s->sentence;
	const struct leaves *leaves = leaves_of(l->layout);

	(void)form;
	if (n->leaf == leaves->total) {
		dump_total(l, n->value[0]);
	} else if (s->pending) {
		two_lines(l, s, REASON, s->wanted, n->value[0]);
		s->pending = false;
	} else if (!n->exits) {
		dump_skip(l, "a count of something else");
	} else {
		if (s->held)
			dump_fail(l, "a second number of exits, and no reason for that in line %zu",
				  s->held_line);
		s->held = true;
		s->count = n->value[0];
		s->held_line = l->lines;
	}
}

/* kvmexit(8): PID, TID, reason, count. */
static void take_threads(struct dump *l, struct dump_lines *s, const char *form)
{
	const struct sentence *n = &s->sentence;

	if (s->has_pid && s->pid != n->value[0])
		dump_fail(l,
			  "exits of process %" PRIu64 ", and of %" PRIu64
			  " before: give the VM's process to the tool",
			  n->value[0], s->pid);
	s->has_pid = true;
	s->pid = n->value[0];
	dump_add(l, form, (uint32_t)n->value[2], n->value[3]);
}

/*
 * The forms of a line: classes as in grammar.h, repeated where a line may have several readings.
 * REASON COUNT is what words say; a count may stand alone behind a reason.
 */
static const struct form {
	const char *classes;
	bool repeat;
	const char *name;
	void (*take)(struct dump *l, struct dump_lines *s, const char *form);
} forms[] = {
	{ "RC", true, "words", take_words },
	{ "CR", true, "words, count first", take_reversed },
	{ "S", false, "total", take_total },
	{ "R", false, "reason", take_reason },
	{ "C", false, "count", take_alone },
	{ "UUNU", false, "kvmexit", take_threads },
	{ "UUNC", false, "kvmexit", take_threads },
	{ "UU", true, "columns", take_columns },
	{ "UC", true, "columns", take_columns },
	{ "NU", true, "name and count", take_columns },
	{ "NC", true, "name and count", take_columns },
	{ "UUU", false, "columns", take_columns },
	{ "NUU", false, "columns", take_columns },
};

static const struct form *form_of(const struct sentence *n)
{
	size_t i, at, length;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		length = strlen(forms[i].classes);
		for (at = 0; at + length <= n->n; at += length)
			if (memcmp(n->letters + at, forms[i].classes, length))
				break;
		if (at == n->n && n->n && (forms[i].repeat || n->n == length))
			return &forms[i];
	}
	return NULL;
}

/* A name next to its number says nothing more, but for a contradiction. */
static void drop_names(struct dump *l, struct sentence *n)
{
	const char *numbers = strpbrk(n->letters, "RU");
	size_t i, kept = 0;
	bool keyed = n->letters[0] == NAME || !numbers || !strncmp(n->letters, "UUN", 3);

	if (numbers && n->letters[0] == NAME && strchr(n->letters, REASON))
		keyed = false;
	for (i = 0; i < n->n; i++) {
		if (n->letters[i] == NAME && !keyed) {
			if (i && strchr("RU", n->letters[i - 1]) && n->value[i] != n->value[i - 1])
				l->misnamed++;
			continue;
		}
		n->letters[kept] = n->letters[i];
		n->value[kept] = n->value[i];
		n->token[kept++] = n->token[i];
	}
	n->n = kept;
	n->letters[kept] = 0;
}

/* "48- 890534, ffff97e0, 30, ffffffff": behind the count are registers, ECX is the reason. */
static void cut_registers(struct tokens *t)
{
	const struct token *k = t->list;
	unsigned long ebx, ecx, edx;
	char end;

	if (t->n < 9 || k[0].kind != TOKEN_NUMBER || !token_sign(t, 1, "-:") ||
	    k[2].kind != TOKEN_NUMBER || !token_sign(t, 3, ",") ||
	    k[k[8].at ? t->n - 1 : 0].at - k[3].at > 80)
		return;
	if (sscanf(k[3].at, ", %8lx, %8lx, %8lx %c", &ebx, &ecx, &edx, &end) == 3 &&
	    ecx == k[0].value)
		t->n = 3;
}

/* A separator of fields that is one of thousands, too: "10,CPUID,132,076". */
static bool comma_of_both(const struct tokens *t)
{
	bool thousands = false, fields = false;
	size_t i;

	for (i = 0; i < t->n; i++) {
		thousands = thousands || (t->list[i].kind == TOKEN_NUMBER &&
					  memchr(t->list[i].at, ',', t->list[i].length));
		fields = fields || (*t->list[i].at == ',' && i + 1 < t->n &&
				    t->list[i + 1].at == t->list[i].at + 1);
	}
	return thousands && fields;
}

static void not_understood(struct dump *l, const struct sentence *n)
{
	const struct token *bad = n->bad;
	const char *r = strchr(n->letters, REASON);

	if (bad)
		dump_fail(l, "'%.*s' %s%s%.0llu: mend or remove the line",
			  bad->length > 40 ? 40 : (int)bad->length, bad->at, bad->why,
			  r ? ", behind exit number " : "",
			  r ? (unsigned long long)n->value[r - n->letters] : 0);
	else if (r)
		dump_fail(l,
			  "no one number of exits behind exit number %" PRIu64
			  ": mend or remove the line",
			  n->value[r - n->letters]);
	else
		dump_fail(l,
			  "there are numbers that could be counts, but the line is not of a form "
			  "that is read: mend or remove it");
}

/* No form fits: could a number of the line be a count nevertheless? */
static bool could_count(const struct sentence *n, const struct tokens *t)
{
	size_t first = 0, i;
	bool words = false;

	while (token_sign(t, first, "|*-#>`"))
		first++;
	for (i = 0; i < t->n; i++)
		words = words || t->list[i].kind == TOKEN_WORD;
	if (n->full || (n->bad && !words))
		return true;
	if (strspn(n->letters, "N") == n->n)
		return false;
	return n->exits || n->named || (t->list[first].kind == TOKEN_NUMBER && n->n > 1) ||
	       (t->list[first].kind == TOKEN_BAD && n->n > 1);
}

static void take_other(struct dump *l, struct dump_lines *s)
{
	const struct sentence *n = &s->sentence;

	if (could_count(n, &s->tokens)) {
		not_understood(l, n);
		return;
	}
	if (n->n == 1 && n->letters[0] == PLAIN && !s->lone_line)
		s->lone_line = l->lines;
	if (n->times)
		dump_skip_time(l);
	else
		dump_skip(l, "no reading");
}

/* "count, then reason" in a heading turns columns around. */
static void hear_heading(struct dump *l, struct dump_lines *s)
{
	const struct tokens *t = &s->tokens;
	enum role role, first = ROLE_UNKNOWN;
	size_t i;

	if (s->has_pid && token_is(&t->list[0], "pid"))
		dump_fail(l, "a second listing of kvmexit: give each in a file of its own");
	for (i = 0; i < t->n && i < 8; i++) {
		if (t->list[i].kind != TOKEN_WORD)
			continue;
		role = word_role(l->vendor, t->list[i].at, t->list[i].length);
		if (first == ROLE_UNKNOWN)
			first = role;
		else if ((first == ROLE_COUNT || first == ROLE_EXITS) &&
			 (role == ROLE_REASON || role == ROLE_EXIT))
			s->reversed = true;
	}
}

static void take_sentence(struct dump *l, struct dump_lines *s)
{
	struct sentence *n = &s->sentence;
	const struct form *form;

	cut_registers(&s->tokens);
	sentence_read(n, &s->tokens, l);
	if (take_cpuid(l, s, n->letters[0] == REASON || s->pending,
		       n->letters[0] == REASON ? n->value[0] : s->wanted)) {
		if (n->letters[0] == REASON && s->pending && s->wanted != n->value[0])
			unfinished(l, s);
		s->pending = false;
		return;
	}
	drop_names(l, n);
	if (!n->n)
		hear_heading(l, s);
	form = n->full ? NULL : form_of(n);
	if (form && comma_of_both(&s->tokens))
		dump_fail(l, "a comma is between columns here, and within a number, too: write the "
			     "numbers without it");
	else if (form && form->take == take_columns && s->reversed)
		dump_fail(l, "the count is in the first column, by the heading: put the reason "
			     "first");
	else if (form && !(form->take == take_total && n->bare_total &&
			   s->tokens.list[s->tokens.n - 1].kind == TOKEN_WORD))
		form->take(l, s, form->name);
	else
		take_other(l, s);
}

void dump_line(struct dump *l, struct dump_lines *s, char *text)
{
	double seconds;
	const char *message;
	size_t before = l->readings;

	tokens_clean(text);
	message = tokens_prefix(text, &seconds);
	tokens_read(&s->tokens, message);
	if (s->tokens.no_memory) {
		l->error = -ENOMEM;
		return;
	}
	if (!s->tokens.n)
		dump_skip(l, "empty");
	else if (!tools_line(l, s, message) && !table_line(l, s, message))
		take_sentence(l, s);
	if (l->readings > before)
		dump_time(l, seconds);
}

static void end_of_words(struct dump *l, struct dump_lines *s)
{
	if (s->pending) {
		unfinished(l, s);
	} else if (s->held) {
		l->lines = s->held_line;
		dump_fail(l, "a number of exits without a reason: if it is the total, write 'total "
			     "exits = N'");
	} else if (s->words_line && s->columns_line) {
		l->lines = s->columns_line;
		dump_fail(l,
			  "columns here, but another form in line %zu: which of them are the "
			  "listing? "
			  "Leave one",
			  s->words_line);
	} else if (l->counters && s->lone_line) {
		l->lines = s->lone_line;
		dump_fail(l, "one number, where other lines have a reason and a count: mend or "
			     "remove the line");
	}
}

void dump_end(struct dump *l, struct dump_lines *s)
{
	const struct leaves *leaves = leaves_of(l->layout);

	end_of_words(l, s);
	if (!l->counters && (s->totals_of || (s->lone_line && !s->other_leaf)))
		dump_fail(l,
			  "%s gives totals only, no reasons: a listing by reason is needed, as "
			  "perf kvm stat makes it",
			  s->totals_of ? s->totals_of : "one number, as debugfs has it in exits,");
	else if (!s->counted && s->other_leaf && !l->counters)
		dump_fail(l,
			  "leaf 0x%" PRIx32 ", but nowhere 0x%" PRIx32
			  ", which has the exits of a reason in %s: say --layout a, b or c as "
			  "the KVM was patched",
			  s->other_leaf, leaves->count, exitprobe_backend_name(leaves->layout));
}
