// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fields.h"

#define REMEDY "measure again, or take the file as 'suite run' wrote it"

void fields_fail(struct fields *f, int error, const char *format, ...)
{
	char text[256], *at;
	va_list args;

	if (f->error)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	f->error = error;
	snprintf(f->message, f->size, "%s: %s", f->file, text);
	/* Keep the message on one line, whatever the file contains. */
	for (at = f->message; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
}

void fields_wrong(struct fields *f, const char *key, const char *format, ...)
{
	char text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fields_fail(f, -EINVAL, "%s%s%s %s: " REMEDY, f->path, *f->path ? "." : "", key, text);
}

size_t fields_enter(struct fields *f, const char *name)
{
	size_t mark = f->length, length = strlen(name), room = sizeof(f->path) - 1;

	if (f->length && f->length < room)
		f->path[f->length++] = '.';
	length = length < room - f->length ? length : room - f->length;
	memcpy(f->path + f->length, name, length);
	f->length += length;
	f->path[f->length] = 0;
	return mark;
}

size_t fields_enter_index(struct fields *f, const char *name, size_t index)
{
	size_t mark = fields_enter(f, name), digits = 1, rest;

	for (rest = index; rest >= 10; rest /= 10)
		digits++;
	if (f->length + digits + 2 >= sizeof(f->path))
		return mark;
	f->path[f->length] = '[';
	f->path[f->length + digits + 1] = ']';
	f->path[f->length + digits + 2] = 0;
	for (rest = digits; rest > 0; rest--, index /= 10)
		f->path[f->length + rest] = (char)('0' + index % 10);
	f->length += digits + 2;
	return mark;
}

void fields_leave(struct fields *f, size_t mark)
{
	f->length = mark;
	f->path[mark] = 0;
}

static const char *type_name(const struct value *value)
{
	switch (value->type) {
	case VALUE_OBJECT:
		return "an object";
	case VALUE_ARRAY:
		return "an array";
	case VALUE_TEXT:
		return "a string";
	case VALUE_WHOLE:
		return "a whole number";
	case VALUE_REAL:
		return "a fraction";
	case VALUE_NULL:
		return "null";
	default:
		return "a boolean";
	}
}

/* The value of a key if it exists and has a type that `is` accepts. */
static struct value *get(struct fields *f, struct value *in, const char *key, enum fields_need need,
			 bool (*is)(const struct value *), const char *wanted)
{
	struct value *value = value_get(in, key);

	if (!value && need == REQUIRED)
		fields_wrong(f, key, "is missing");
	if (!value || is(value))
		return value;
	fields_wrong(f, key, "is %s, not %s", type_name(value), wanted);
	return NULL;
}

static bool is_object(const struct value *value)
{
	return value->type == VALUE_OBJECT;
}

static bool is_array(const struct value *value)
{
	return value->type == VALUE_ARRAY;
}

static bool is_text(const struct value *value)
{
	return value->type == VALUE_TEXT;
}

static bool is_whole(const struct value *value)
{
	return value->type == VALUE_WHOLE;
}

static bool is_number(const struct value *value)
{
	return value->type == VALUE_WHOLE || value->type == VALUE_REAL;
}

static bool is_bool(const struct value *value)
{
	return value->type == VALUE_TRUE || value->type == VALUE_FALSE;
}

struct value *fields_object(struct fields *f, struct value *in, const char *key,
			    enum fields_need need)
{
	return get(f, in, key, need, is_object, "an object");
}

struct value *fields_array(struct fields *f, struct value *in, const char *key,
			   enum fields_need need)
{
	return get(f, in, key, need, is_array, "an array");
}

char *fields_text(struct fields *f, struct value *in, const char *key, enum fields_need need)
{
	struct value *value = get(f, in, key, need, is_text, "a string");
	char *copy = value ? strdup(value->text) : NULL;

	if (value && !copy)
		fields_fail(f, -ENOMEM, "out of memory");
	return copy;
}

uint64_t fields_whole(struct fields *f, struct value *in, const char *key, uint64_t max,
		      enum fields_need need)
{
	struct value *value = get(f, in, key, need, is_whole, "a whole number");
	int64_t number = value ? value->whole : 0;

	if (number >= 0 && (uint64_t)number <= max)
		return (uint64_t)number;
	if (number < 0)
		fields_wrong(f, key, "is negative");
	else
		fields_wrong(f, key, "is %" PRIu64 ", above %" PRIu64, (uint64_t)number, max);
	return 0;
}

uint64_t fields_count(struct fields *f, const struct value *v)
{
	if (v->type != VALUE_WHOLE)
		fields_wrong(f, v->key, "is %s, not a whole number", type_name(v));
	else if (v->whole < 0)
		fields_wrong(f, v->key, "is negative");
	else
		return (uint64_t)v->whole;
	return 0;
}

bool fields_bool(struct fields *f, struct value *in, const char *key, enum fields_need need)
{
	struct value *value = get(f, in, key, need, is_bool, "true or false");

	return value && value->type == VALUE_TRUE;
}

double fields_number(struct fields *f, struct value *in, const char *key, double absent)
{
	struct value *value = get(f, in, key, OPTIONAL, is_number, "a number");

	if (!value)
		return absent;
	return value->type == VALUE_REAL ? value->real : (double)value->whole;
}

int fields_choice(struct fields *f, struct value *in, const char *key, const char *(*name)(int),
		  int n, enum fields_need need)
{
	struct value *value = get(f, in, key, need, is_text, "a string");
	int i;

	if (!value)
		return 0;
	for (i = 0; i < n; i++)
		if (name(i) && !strcmp(name(i), value->text))
			return i;
	fields_wrong(f, key, "is '%.40s', a value that this program does not know", value->text);
	return 0;
}
