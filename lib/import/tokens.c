// SPDX-License-Identifier: MIT
/*
 * A number ends at a blank, a unit or a known separator; all else that begins with a digit is
 * TOKEN_BAD, and the line that holds it cannot be read.
 */
#include "import/tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool letter(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

bool token_is(const struct token *t, const char *word)
{
	return strlen(word) == t->length && !strncasecmp(t->at, word, t->length);
}

bool token_sign(const struct tokens *t, size_t i, const char *any)
{
	return i < t->n && t->list[i].kind == TOKEN_SIGN && strchr(any, *t->list[i].at);
}

bool token_time_unit(const char *at, size_t length)
{
	static const char *const units[] = {
		"ns",          "us",           "ms",           "s",    "sec",     "secs",  "second",
		"seconds",     "nsec",         "usec",         "msec", "nsecs",   "usecs", "msecs",
		"cycle",       "cycles",       "min",          "mins", "minutes", "h",     "hours",
		"nanoseconds", "microseconds", "milliseconds", "ticks"
	};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strlen(units[i]) == length && !strncasecmp(at, units[i], length))
			return true;
	return false;
}

static void bad(struct token *t, const char *end, const char *why)
{
	while (letter(*end) || ((*end == '.' || *end == ',' || *end == '\'') && digit(end[1])))
		end++;
	t->kind = TOKEN_BAD;
	t->why = why;
	t->length = (size_t)(end - t->at);
}

static void read_hex(struct token *t)
{
	const char *at = t->at + 2;

	t->hex = true;
	while (*at == '0' && isxdigit((unsigned char)at[1]))
		at++;
	t->value = strtoull(at, NULL, 16);
	t->length = (size_t)(at - t->at) + strspn(at, "0123456789abcdefABCDEF");
	if (t->at + t->length - at > 16)
		bad(t, t->at + t->length, "is beyond 64 bits");
	else if (t->at + t->length == at || letter(t->at[t->length]))
		bad(t, t->at + t->length, "is no number");
}

/* Add the digits at *at; false if they do not fit. */
static bool add_digits(uint64_t *value, const char **at)
{
	bool fits = true;

	for (; digit(**at); (*at)++)
		fits = fits && !__builtin_mul_overflow(*value, 10, value) &&
		       !__builtin_add_overflow(*value, (uint64_t)(**at - '0'), value);
	return fits;
}

static bool group(const char *at)
{
	return digit(at[1]) && digit(at[2]) && digit(at[3]) && !digit(at[4]);
}

/* What may follow the digits directly. */
static void read_unit(struct token *t, const char *at)
{
	const char *end = at;

	while (letter(*end))
		end++;
	if (*at == '.' && digit(at[1])) {
		t->decimal = true;
		at++;
		while (digit(*at))
			at++;
		if ((*at == '.' || *at == ',') && digit(at[1]))
			bad(t, at, "is no number");
		else
			read_unit(t, at);
		return;
	}
	t->time = end > at && token_time_unit(at, (size_t)(end - at));
	t->length = (size_t)(end - t->at);
	if (end > at && !t->time)
		bad(t, end, "is no number");
	while (*end == ' ' || *end == TOKEN_THIN)
		end++;
	if (*end == '%' && t->kind != TOKEN_BAD) {
		t->percent = true;
		t->length = (size_t)(end + 1 - t->at);
	}
}

static void read_number(struct token *t)
{
	const char *at = t->at, *first;
	bool fits, grouped = false;
	char separator;

	t->kind = TOKEN_NUMBER;
	if (*at == '0' && (at[1] | 0x20) == 'x') {
		read_hex(t);
		return;
	}
	first = at;
	fits = add_digits(&t->value, &at);
	separator = *at;
	if (separator && strchr(",'_\x01", separator) && at - first <= 3 && *first != '0')
		while (*at == separator && group(at)) {
			at++;
			grouped = true;
			fits = add_digits(&t->value, &at) && fits;
		}
	if (*at && strchr("'_\x01", *at) && digit(at[1]))
		bad(t, at + 1, "is cut by a separator that is not one of thousands");
	else if (grouped && *at == ',' && digit(at[1]))
		bad(t, at + 1, "is cut by a separator that is not one of thousands");
	else
		read_unit(t, at);
	if (!fits && t->kind == TOKEN_NUMBER)
		bad(t, t->at + t->length, "is beyond 64 bits");
}

static struct token *add(struct tokens *t)
{
	struct token *list = t->list;

	if (t->n == t->room) {
		list = reallocarray(list, t->room ? 2 * t->room : 64, sizeof(*list));
		if (!list) {
			t->no_memory = true;
			return NULL;
		}
		t->list = list;
		t->room = t->room ? 2 * t->room : 64;
	}
	memset(&list[t->n], 0, sizeof(*list));
	return &list[t->n++];
}

/* A %d of a 32-bit counter beyond 2^31 is negative; a minus elsewhere is no sign of a number. */
static void negate(struct tokens *t)
{
	struct token *number = &t->list[t->n - 1];
	const char *at = number->at;

	if (t->n < 2 || number->kind != TOKEN_NUMBER || !token_sign(t, t->n - 2, "-") ||
	    t->list[t->n - 2].at + 1 != at)
		return;
	if (t->n > 2 && t->list[t->n - 3].at + t->list[t->n - 3].length == at - 1 &&
	    !token_sign(t, t->n - 3, "=:"))
		return; /* "0-8407", "--5" */
	if (token_sign(t, t->n - 3, "=:") && number->value <= UINT64_C(1) << 31 && number->value) {
		number->value = (UINT64_C(1) << 32) - number->value;
		t->list[t->n - 2] = *number;
		t->n--;
	} else if (!number->percent && !number->time) {
		bad(number, at + number->length, "has a minus before it");
	}
}

void tokens_read(struct tokens *t, const char *text)
{
	struct token *token;

	t->n = 0;
	while (*text) {
		if (*text == ' ' || *text == '\t' || *text == TOKEN_THIN) {
			text++;
			continue;
		}
		token = add(t);
		if (!token)
			return;
		token->at = text;
		token->length = 1;
		if (digit(*text)) {
			read_number(token);
			text += token->length;
			negate(t);
			continue;
		}
		token->kind = letter(*text) ? TOKEN_WORD : TOKEN_SIGN;
		while (letter(*text) && letter(text[token->length]))
			token->length++;
		text += token->length;
	}
}

void tokens_free(struct tokens *t)
{
	free(t->list);
	t->list = NULL;
	t->n = t->room = 0;
}
