// SPDX-License-Identifier: MIT
/* Rows of a Markdown table: "| 48 | EPT_VIOLATION | 35,708 |". Its heading names the columns. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "import/grammar.h"
#include "import/words.h"

enum cell {
	CELL_TEXT,
	CELL_NUMBER,
	CELL_COUNT,
	CELL_REASON,
	CELL_NAME,
	CELL_TOTAL,
	CELL_TIME,
	CELL_RULE,
	CELL_BAD
};

struct row {
	char *text; /* a copy, with a NUL behind each cell */
	const char *cell[COLUMNS];
	enum cell kind[COLUMNS];
	uint64_t value[COLUMNS];
	size_t n;
};

static bool split(struct dump *l, struct row *row, const char *text)
{
	char *at, *end;

	row->text = strdup(text + 1);
	if (!row->text) {
		l->error = -ENOMEM;
		return false;
	}
	for (at = row->text; *at; at++) {
		at += strspn(at, " \t");
		if (!*at)
			break;
		if (row->n == COLUMNS) {
			dump_fail(l, "a table of more than %d columns", COLUMNS);
			return false;
		}
		row->cell[row->n++] = at;
		at += strcspn(at, "|");
		if (!*at)
			break;
		*at = 0;
		for (end = at; end > row->text && end[-1] == ' '; end--)
			end[-1] = 0;
	}
	return true;
}

static bool is_total(const struct dump *l, const struct tokens *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->list[i].kind == TOKEN_WORD &&
		    word_role(l->vendor, t->list[i].at, t->list[i].length) == ROLE_TOTAL)
			return true;
	return false;
}

static enum cell kind_of(const struct dump *l, struct dump_lines *s, const char *text,
			 uint64_t *value)
{
	struct sentence *n = &s->sentence;

	if (*text && strspn(text, "-: ") == strlen(text))
		return CELL_RULE;
	tokens_read(&s->tokens, text);
	sentence_read(n, &s->tokens, l);
	*value = n->n ? n->value[0] : 0;
	if (n->n == 2 && n->letters[0] == REASON && n->letters[1] == NAME)
		return CELL_REASON;
	if (n->n > 1)
		return CELL_BAD;
	if (n->n)
		return n->letters[0] == PLAIN    ? CELL_NUMBER
		       : n->letters[0] == COUNT  ? CELL_COUNT
		       : n->letters[0] == REASON ? CELL_REASON
		       : n->letters[0] == NAME   ? CELL_NAME
						 : CELL_BAD;
	return n->times ? CELL_TIME : is_total(l, &s->tokens) ? CELL_TOTAL : CELL_TEXT;
}

/* What a heading says of its column: a reason, a time, or nothing. */
static enum role heading_role(const struct dump *l, struct dump_lines *s, const char *text)
{
	enum role found = ROLE_UNKNOWN, role;
	size_t i, at, size;
	const struct token *k;

	tokens_read(&s->tokens, text);
	if (s->tokens.n == 1 &&
	    (token_sign(&s->tokens, 0, "#") || token_is(s->tokens.list, "rank")))
		return ROLE_OTHER;
	for (i = 0; i < s->tokens.n; i++) {
		k = &s->tokens.list[i];
		for (at = 0; k->kind == TOKEN_WORD && at < k->length; at += size + 1) {
			size = word_part(k->at + at, k->length - at);
			role = word_role(l->vendor, k->at + at, size);
			if (role == ROLE_TIME || role == ROLE_EXITS || role == ROLE_COUNT)
				return role;
			if (role == ROLE_EXIT || role == ROLE_REASON || role == ROLE_NUMBER)
				found = ROLE_REASON;
		}
	}
	return found;
}

/* A heading's text in the kept row. */
static const char *heading(const struct dump_lines *s, size_t column)
{
	return column < s->table.columns && *s->table.cell[column] ? s->table.cell[column]
								   : "no heading";
}

static void keep_heading(struct dump *l, struct dump_lines *s, struct row *row)
{
	dump_skip(l, "a table's heading");
	free(s->table.text);
	s->table.text = row->text;
	s->table.columns = row->n;
	memcpy(s->table.cell, row->cell, sizeof(row->cell));
	row->text = NULL;
}

static size_t reason_column(const struct dump *l, struct dump_lines *s, const struct row *row)
{
	size_t i, number = row->n;

	for (i = 0; i < row->n; i++)
		if (row->kind[i] == CELL_REASON)
			return i;
	for (i = 0; i < row->n && s->table.columns; i++)
		if (row->kind[i] == CELL_NUMBER && heading_role(l, s, heading(s, i)) == ROLE_REASON)
			return i;
	for (i = 0; i < row->n; i++)
		if (row->kind[i] == CELL_NAME)
			number = i;
	for (i = 0; i < row->n; i++)
		if (row->kind[i] == CELL_NUMBER && !s->table.columns)
			return i;
	for (i = 0; i < row->n && number == row->n; i++)
		if (row->kind[i] == CELL_NUMBER)
			return i;
	return number;
}

static void take_row(struct dump *l, struct dump_lines *s, const struct row *row)
{
	size_t reason = reason_column(l, s, row), i, count = row->n, total = row->n;
	enum role role;

	for (i = 0; i < row->n; i++) {
		if (row->kind[i] == CELL_TOTAL)
			total = i;
		if (row->kind[i] == CELL_BAD)
			dump_fail(l, "a cell of the table cannot be read: '%.40s'", row->cell[i]);
		if (i == reason || (row->kind[i] != CELL_NUMBER && row->kind[i] != CELL_COUNT))
			continue;
		role = s->table.columns ? heading_role(l, s, heading(s, i)) : ROLE_UNKNOWN;
		if (role == ROLE_TIME || role == ROLE_OTHER)
			continue;
		if (count < row->n)
			dump_fail(l,
				  "columns %zu (%.40s) and %zu (%.40s) are both counts: leave one "
				  "of them",
				  count + 1, heading(s, count), i + 1, heading(s, i));
		count = i;
	}
	if (total < row->n && reason < row->n && count == row->n)
		dump_total(l, row->value[reason]);
	else if (reason < row->n && count < row->n && total == row->n)
		line_count(l, s, "table", row->value[reason], row->value[count]);
	else if (count < row->n || total < row->n)
		dump_fail(l, "a row of the table has a number, but no reason");
	else
		dump_skip(l, "a row without a count");
}

static void read_row(struct dump *l, struct dump_lines *s, struct row *row)
{
	bool numbers = false, rule = row->n > 0, counts;
	size_t i, plain = 0;

	for (i = 0; i < row->n; i++) {
		row->kind[i] = kind_of(l, s, row->cell[i], &row->value[i]);
		rule = rule && row->kind[i] == CELL_RULE;
		numbers = numbers || (row->kind[i] != CELL_RULE && row->kind[i] != CELL_TEXT &&
				      row->kind[i] != CELL_TOTAL && row->kind[i] != CELL_TIME);
		plain += (row->kind[i] == CELL_NUMBER || row->kind[i] == CELL_COUNT) &&
			 strspn(row->cell[i], "*`0123456789");
	}
	/* Before the rule is the heading, which may hold "ept=1", but no columns of numbers. */
	counts = plain > 0;
	if (rule) {
		dump_skip(l, "a table's rule");
		s->table.rule = true;
	} else if (!s->table.rule && !counts) {
		keep_heading(l, s, row);
	} else if (numbers) {
		take_row(l, s, row);
	} else {
		dump_skip(l, "a row without a count");
	}
}

bool table_line(struct dump *l, struct dump_lines *s, const char *text)
{
	struct row row = { 0 };
	size_t length = strlen(text);

	if (*text != '|' || length < 3) {
		s->table.rule = false;
		s->table.columns = 0;
		return false;
	}
	if (split(l, &row, text))
		read_row(l, s, &row);
	free(row.text);
	return true;
}
