// SPDX-License-Identifier: MIT
/* What each number of a line is, by the words before and behind it. */
#include <string.h>

#include "import/grammar.h"
#include "import/words.h"

/* The words since the last number. */
struct label {
	enum role last;
	bool total, exit, exits, after, unknown;
};

struct reader {
	struct sentence *s;
	const struct tokens *t;
	const struct dump *l;
	struct label label;
	bool time;     /* a time word that no number has answered */
	bool open;     /* a reason without a count */
	size_t behind; /* words up to here belong to the number before them */
};

static void put(struct reader *r, char letter, uint64_t value, const struct token *token)
{
	struct sentence *s = r->s;

	if (s->n == MOST) {
		s->full = true;
		return;
	}
	s->letters[s->n] = letter;
	s->value[s->n] = value;
	s->token[s->n] = token;
	s->letters[++s->n] = 0;
}

static void hear_role(struct reader *r, enum role role)
{
	struct label *b = &r->label;

	if (role == ROLE_UNKNOWN)
		b->unknown = true;
	else if (role == ROLE_TIME)
		r->time = true;
	else if (role == ROLE_TOTAL)
		b->total = true;
	else if (role == ROLE_AFTER)
		*b = (struct label){ .after = true };
	else if (role == ROLE_NOT)
		r->s->negated = true;
	else if (role == ROLE_HEADING)
		r->s->heading = true;
	else if (role == ROLE_NUMBER)
		b->last = b->last == ROLE_EXIT || b->last == ROLE_REASON ? ROLE_REASON
			  : b->last == ROLE_EXITS                        ? ROLE_EXITS
									 : ROLE_NUMBER;
	else if (role == ROLE_REGISTER)
		b->last = b->last == ROLE_EXITS || b->last == ROLE_COUNT ? b->last : ROLE_REGISTER;
	else if (role != ROLE_FILLER)
		b->last = role;
	b->exit = b->exit || role == ROLE_EXIT;
	b->exits = b->exits || role == ROLE_EXITS;
	r->s->exits = r->s->exits || role == ROLE_EXIT || role == ROLE_EXITS || role == ROLE_REASON;
}

/* cpuid(1) and the leaf's number are no exits of CPUID. */
static bool leaf_follows(const struct tokens *t, size_t i)
{
	i += 1 + token_sign(t, i + 1, "(");
	i += token_sign(t, i, "-") ? 2 : 0;
	return i < t->n && t->list[i].hex;
}

static void hear(struct reader *r, size_t i)
{
	const struct token *t = &r->t->list[i];
	const struct exitprobe_reason *reason = word_reason(r->l->vendor, t);
	size_t at, length;

	if (reason && leaf_follows(r->t, i)) {
		r->label.last = ROLE_OTHER;
		return;
	}
	if (reason) {
		r->s->named = r->s->named || !r->s->n;
		put(r, NAME, reason->code, t);
		/* "exit reason CPUID: 5": the name answered the words before it. */
		if (r->label.last == ROLE_REASON || r->label.last == ROLE_EXIT)
			r->label.last = ROLE_UNKNOWN;
		return;
	}
	for (at = 0; at < t->length;
	     at += length + (at + length < t->length && t->at[at + length] == '_')) {
		length = word_part(t->at + at, t->length - at);
		if (length)
			hear_role(r, word_role(r->l->vendor, t->at + at, length));
	}
}

/* Does this word belong to the number before it? "33 exits", "5 us", but not "10 exits=33". */
static enum role behind(struct reader *r, size_t i)
{
	const struct token *t = i < r->t->n ? &r->t->list[i] : NULL;
	enum role role;

	if (!t || t->kind != TOKEN_WORD || word_reason(r->l->vendor, t))
		return ROLE_UNKNOWN;
	role = token_time_unit(t->at, t->length) ? ROLE_TIME
						 : word_role(r->l->vendor, t->at, t->length);
	if (role != ROLE_TIME && role != ROLE_EXITS && role != ROLE_COUNT)
		return ROLE_UNKNOWN;
	if (i + 1 < r->t->n &&
	    (r->t->list[i + 1].kind == TOKEN_NUMBER || r->t->list[i + 1].kind == TOKEN_BAD ||
	     (token_sign(r->t, i + 1, "=:") && !token_sign(r->t, i + 2, "="))))
		return ROLE_UNKNOWN;
	r->behind = i + 1;
	return role;
}

static bool is_reason(const struct reader *r)
{
	return r->label.last == ROLE_REASON ||
	       (r->label.last == ROLE_EXIT && !r->label.total && !r->open);
}

static char counted(struct reader *r, enum role unit)
{
	const struct label *b = &r->label;
	bool word = b->last == ROLE_EXITS || b->last == ROLE_COUNT || b->last == ROLE_EXIT ||
		    (b->last == ROLE_NUMBER && (r->open || b->total));

	if (unit == ROLE_EXITS && b->after) {
		r->s->after_exits = true;
		return TOTAL;
	}
	if (b->total && !r->open && (word || !b->last)) {
		r->s->bare_total = !b->exit && !b->exits;
		return b->unknown && r->s->bare_total ? STRANGE : TOTAL;
	}
	if (unit == ROLE_EXITS)
		return COUNT;
	if (unit == ROLE_COUNT && (r->open || b->exit || b->exits || !b->unknown))
		return COUNT;
	if (word)
		return b->unknown && !b->exit && !b->exits ? STRANGE : COUNT;
	if (b->last == ROLE_REGISTER || b->last == ROLE_OTHER || b->last == ROLE_CPU)
		return 0;
	return b->unknown || b->last || b->total ? STRANGE : PLAIN;
}

static bool other_number(struct reader *r, const struct token *t)
{
	if (t->hex && t->value >= 0x40000000 &&
	    (t->value >> 28 == 4 || r->label.last == ROLE_OTHER)) {
		r->s->leaf = t->value;
		return true;
	}
	if (r->label.last == ROLE_CPU) {
		r->s->has_cpu = true;
		r->s->cpu = t->value;
		return true;
	}
	return t->percent;
}

static char class_of(struct reader *r, const struct token *t, size_t i)
{
	enum role unit;
	char letter;

	if (t->kind == TOKEN_BAD) {
		if (!r->s->bad)
			r->s->bad = t;
		return BAD;
	}
	if (t->time || (!t->percent && !is_reason(r) && behind(r, i + 1) == ROLE_TIME)) {
		r->s->times = true;
		r->time = false;
		return 0;
	}
	r->behind = i + 1;
	if (other_number(r, t))
		return 0;
	if (is_reason(r) && !t->decimal)
		return REASON;
	unit = behind(r, i + 1);
	if (r->time) {
		r->time = false;
		r->s->times = true;
		/* "time spent: 33 exits" is both. */
		return unit == ROLE_EXITS || unit == ROLE_COUNT ? STRANGE : 0;
	}
	letter = counted(r, unit);
	if (letter && t->decimal)
		return STRANGE;
	if (letter == PLAIN && r->open)
		return COUNT;
	return letter;
}

/* Words in parentheses explain what stands before them; numbers in them are read. */
static size_t past_parenthesis(struct reader *r, size_t i)
{
	const struct tokens *t = r->t;
	const struct exitprobe_reason *reason;
	size_t end = i + 1;

	while (end < t->n && t->list[end].kind != TOKEN_NUMBER && t->list[end].kind != TOKEN_BAD &&
	       !token_sign(t, end, "()"))
		end++;
	if (!token_sign(t, end, ")"))
		return i + 1;
	reason = end == i + 2 ? word_reason(r->l->vendor, &t->list[i + 1]) : NULL;
	if (reason)
		put(r, NAME, reason->code, &t->list[i + 1]);
	return end + 1;
}

/* "**1. Exit 30 ...": the number of a list's item. */
static size_t past_ordinal(const struct tokens *t)
{
	size_t i = 0;

	while (token_sign(t, i, "*-#>"))
		i++;
	if (i + 2 < t->n && t->list[i].kind == TOKEN_NUMBER && token_sign(t, i + 1, ".)") &&
	    t->list[i + 2].kind == TOKEN_WORD)
		return i + 2;
	return 0;
}

void sentence_read(struct sentence *s, const struct tokens *t, const struct dump *l)
{
	struct reader r = { .s = s, .t = t, .l = l };
	size_t i = past_ordinal(t), start;
	char letter;

	memset(s, 0, sizeof(*s));
	r.behind = i;
	while (i < t->n && !s->full) {
		start = i;
		if (token_sign(t, i, "(") && i) {
			i = past_parenthesis(&r, i);
			continue;
		}
		i++;
		if (t->list[start].kind == TOKEN_WORD && start >= r.behind)
			hear(&r, start);
		if (t->list[start].kind != TOKEN_NUMBER && t->list[start].kind != TOKEN_BAD)
			continue;
		letter = class_of(&r, &t->list[start], start);
		if (letter)
			put(&r, letter, t->list[start].value, &t->list[start]);
		if (letter == REASON)
			r.open = true;
		else if (letter)
			r.open = false;
		r.label = (struct label){ 0 };
	}
}
