// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"

/* Results never nest this deep; the stack is finite. */
#define DEPTH 64
/* Above this many members, duplicates are found by sorting. */
#define FEW 32

struct parser {
	struct document *d;
	char *at, *end, *line; /* line: start of the current line */
	struct document_error *e;
	int error, depth, lines;
};

static void *wrong(struct parser *p, const char *text)
{
	if (p->error)
		return NULL;
	p->error = -EINVAL;
	*p->e = (struct document_error){ .cut = p->at >= p->end,
					 .line = p->lines,
					 .column = (int)(p->at - p->line) + 1,
					 .text = text };
	return NULL;
}

static void skip_blank(struct parser *p)
{
	for (; *p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r'; p->at++)
		if (*p->at == '\n') {
			p->lines++;
			p->line = p->at + 1;
		}
}

static bool hex4(struct parser *p, unsigned int *code)
{
	int i;
	char c;

	*code = 0;
	for (i = 0; i < 4; i++, p->at++) {
		c = *p->at;
		if (c >= '0' && c <= '9')
			*code = 16 * *code + (unsigned int)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			*code = 16 * *code + (unsigned int)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	return true;
}

static char *put_utf8(char *to, unsigned int code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	if (code >= 0x10000) {
		*to++ = (char)(0xf0 | code >> 18);
		*to++ = (char)(0x80 | (code >> 12 & 0x3f));
	} else if (code >= 0x800) {
		*to++ = (char)(0xe0 | code >> 12);
	}
	if (code >= 0x800)
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	else
		*to++ = (char)(0xc0 | code >> 6);
	*to++ = (char)(0x80 | (code & 0x3f));
	return to;
}

/* After "\u". An escape is never shorter than what it encodes. */
static char *unicode(struct parser *p, char *to)
{
	unsigned int code, low;

	if (!hex4(p, &code))
		return wrong(p, "invalid escape");
	if (code >= 0xd800 && code < 0xdc00) {
		if (p->at[0] != '\\' || p->at[1] != 'u')
			return wrong(p, "half of a surrogate pair");
		p->at += 2;
		if (!hex4(p, &low) || low < 0xdc00 || low > 0xdfff)
			return wrong(p, "half of a surrogate pair");
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	} else if (!code || (code >= 0xdc00 && code < 0xe000)) {
		return wrong(p, code ? "half of a surrogate pair" : "\\u0000 in a string");
	}
	return put_utf8(to, code);
}

static char *escape(struct parser *p, char *to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	const char *known;

	p->at++;
	if (*p->at == 'u') {
		p->at++;
		return unicode(p, to);
	}
	known = *p->at ? strchr(from, *p->at) : NULL;
	if (!known)
		return wrong(p, "invalid escape");
	p->at++;
	*to++ = into[known - from];
	return to;
}

/* Characters that end the plain part of a string: the quote, a backslash, control characters. */
static const bool special[256] = {
	[0 ... 31] = true,
	['"'] = true,
	['\\'] = true,
};

/* At the opening quote. The string is decoded in place and ended by a NUL. */
static const char *string(struct parser *p, size_t *length)
{
	char *begin = ++p->at, *to;

	for (to = begin; !special[(unsigned char)*to]; to++)
		;
	p->at = to;
	while (*p->at != '"') {
		if ((unsigned char)*p->at < ' ')
			return wrong(p, "control character in a string");
		if (*p->at == '\\')
			to = escape(p, to);
		else
			*to++ = *p->at++;
		if (!to)
			return NULL;
	}
	p->at++;
	*to = 0;
	*length = (size_t)(to - begin);
	return begin;
}

static void *real(struct parser *p, struct value *v, char *from)
{
	if (*p->at == '.') {
		p->at++;
		if (*p->at < '0' || *p->at > '9')
			return wrong(p, "no digit after the point");
		while (*p->at >= '0' && *p->at <= '9')
			p->at++;
	}
	if ((*p->at | 0x20) == 'e') {
		p->at++;
		if (*p->at == '+' || *p->at == '-')
			p->at++;
		if (*p->at < '0' || *p->at > '9')
			return wrong(p, "no digit in the exponent");
		while (*p->at >= '0' && *p->at <= '9')
			p->at++;
	}
	v->type = VALUE_REAL;
	v->real = strtod(from, NULL);
	return isfinite(v->real) ? v : wrong(p, "number too big");
}

static void *number(struct parser *p, struct value *v)
{
	char *from = p->at;
	bool negative = *p->at == '-';
	int64_t whole = 0;
	int digit;

	p->at += negative;
	if (*p->at < '0' || *p->at > '9')
		return wrong(p, "invalid token");
	if (p->at[0] == '0' && p->at[1] >= '0' && p->at[1] <= '9')
		return wrong(p, "number begins with 0");
	for (; *p->at >= '0' && *p->at <= '9'; p->at++) {
		digit = negative ? '0' - *p->at : *p->at - '0';
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, digit, &whole))
			return wrong(p, "whole number too big");
	}
	if (*p->at == '.' || (*p->at | 0x20) == 'e')
		return real(p, v, from);
	v->type = VALUE_WHOLE;
	v->whole = whole;
	return v;
}

static void *word(struct parser *p, struct value *v, const char *text, enum value_type type)
{
	for (; *text; text++, p->at++)
		if (*p->at != *text)
			return wrong(p, "invalid token");
	v->type = type;
	return v;
}

static int by_key(const void *a, const void *b)
{
	return strcmp((*(const struct value *const *)a)->key,
		      (*(const struct value *const *)b)->key);
}

static bool repeats_a_key(struct parser *p, const struct value *object)
{
	const struct value **list = malloc(object->count * sizeof(*list)), *v;
	size_t n = 0, i;
	bool twice = false;

	if (!list) {
		p->error = -ENOMEM;
		return false;
	}
	for (v = object->first; v; v = v->next)
		list[n++] = v;
	qsort(list, n, sizeof(*list), by_key);
	for (i = 1; i < n && !twice; i++)
		twice = !strcmp(list[i - 1]->key, list[i]->key);
	free(list);
	return twice;
}

/* Compare the newest member with earlier ones, while they are few. */
static bool seen_before(const struct value *object, const struct value *newest)
{
	const struct value *v;

	if (object->count > FEW)
		return false;
	for (v = object->first; v != newest; v = v->next)
		if (v->hash == newest->hash && !strcmp(v->key, newest->key))
			return true;
	return false;
}

static void *any(struct parser *p, struct value *v);

static void *key(struct parser *p, const struct value *object, struct value *member)
{
	size_t length;

	if (*p->at != '"')
		return wrong(p, "no key");
	member->key = string(p, &length);
	if (!member->key)
		return NULL;
	member->hash = value_hash(member->key, length);
	if (seen_before(object, member))
		return wrong(p, "duplicate key");
	skip_blank(p);
	if (*p->at != ':')
		return wrong(p, "no colon after a key");
	p->at++;
	skip_blank(p);
	return member;
}

/* After '[' or '{', up to and including its counterpart. */
static void *members(struct parser *p, struct value *v, char close)
{
	struct value **link = &v->first, *member;

	p->at++;
	skip_blank(p);
	if (*p->at == close) {
		p->at++;
		return v;
	}
	for (;;) {
		member = document_value(p->d);
		if (!member) {
			p->error = -ENOMEM;
			return NULL;
		}
		*link = member;
		link = &member->next;
		v->count++;
		if ((close == '}' && !key(p, v, member)) || !any(p, member))
			return NULL;
		skip_blank(p);
		if (*p->at == close)
			break;
		if (*p->at != ',')
			return wrong(p, "neither a comma nor an end after a value");
		p->at++;
		skip_blank(p);
	}
	p->at++;
	return v;
}

static void *nested(struct parser *p, struct value *v, enum value_type type)
{
	void *done;

	v->type = type;
	if (++p->depth > DEPTH)
		return wrong(p, "nested too deep");
	done = members(p, v, type == VALUE_OBJECT ? '}' : ']');
	p->depth--;
	if (done && type == VALUE_OBJECT && v->count > FEW && repeats_a_key(p, v))
		return wrong(p, "duplicate key");
	return p->error ? NULL : done;
}

static void *any(struct parser *p, struct value *v)
{
	size_t length;

	switch (*p->at) {
	case '{':
		return nested(p, v, VALUE_OBJECT);
	case '[':
		return nested(p, v, VALUE_ARRAY);
	case '"':
		v->type = VALUE_TEXT;
		v->text = string(p, &length);
		return p->error ? NULL : v;
	case 't':
		return word(p, v, "true", VALUE_TRUE);
	case 'f':
		return word(p, v, "false", VALUE_FALSE);
	case 'n':
		return word(p, v, "null", VALUE_NULL);
	default:
		return number(p, v);
	}
}

int document_parse(struct document *d, char *text, size_t length, struct document_error *e)
{
	struct parser p = {
		.d = d, .e = e, .at = text, .end = text + length, .line = text, .lines = 1
	};

	*d = (struct document){ 0 };
	d->root = document_value(d);
	if (!d->root)
		return -ENOMEM;
	skip_blank(&p);
	if (*p.at != '{' && *p.at != '[') {
		wrong(&p, "neither an object nor an array");
	} else if (any(&p, d->root)) {
		skip_blank(&p);
		if (p.at != p.end)
			wrong(&p, "text after the end");
	}
	if (p.error)
		d->root = NULL;
	return p.error;
}
