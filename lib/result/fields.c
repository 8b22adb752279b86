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
	/* One line, whatever the file holds. */
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

static size_t append(struct fields *f, int length)
{
	size_t mark = f->length;

	f->length += (size_t)length;
	if (f->length >= sizeof(f->path))
		f->length = sizeof(f->path) - 1;
	return mark;
}

size_t fields_enter(struct fields *f, const char *name)
{
	return append(f, snprintf(f->path + f->length, sizeof(f->path) - f->length, "%s%s",
				  f->length ? "." : "", name));
}

size_t fields_enter_index(struct fields *f, const char *name, size_t index)
{
	return append(f, snprintf(f->path + f->length, sizeof(f->path) - f->length, "%s%s[%zu]",
				  f->length ? "." : "", name, index));
}

void fields_leave(struct fields *f, size_t mark)
{
	f->length = mark;
	f->path[mark] = 0;
}

static const char *type_name(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "a whole number";
	case JSON_REAL:
		return "a fraction";
	case JSON_NULL:
		return "null";
	default:
		return "a truth value";
	}
}

/* The value of a key, when it is there and of a type that `is` accepts. */
static json_t *get(struct fields *f, json_t *in, const char *key, enum fields_need need,
		   bool (*is)(const json_t *), const char *wanted)
{
	json_t *value = json_object_get(in, key);

	if (!value && need == REQUIRED)
		fields_wrong(f, key, "is missing");
	if (!value || is(value))
		return value;
	fields_wrong(f, key, "is %s, not %s", type_name(value), wanted);
	return NULL;
}

static bool is_object(const json_t *value)
{
	return json_is_object(value);
}

static bool is_array(const json_t *value)
{
	return json_is_array(value);
}

static bool is_text(const json_t *value)
{
	return json_is_string(value);
}

static bool is_whole(const json_t *value)
{
	return json_is_integer(value);
}

static bool is_number(const json_t *value)
{
	return json_is_number(value);
}

static bool is_bool(const json_t *value)
{
	return json_is_boolean(value);
}

json_t *fields_object(struct fields *f, json_t *in, const char *key, enum fields_need need)
{
	return get(f, in, key, need, is_object, "an object");
}

json_t *fields_array(struct fields *f, json_t *in, const char *key, enum fields_need need)
{
	return get(f, in, key, need, is_array, "an array");
}

char *fields_text(struct fields *f, json_t *in, const char *key, enum fields_need need)
{
	json_t *value = get(f, in, key, need, is_text, "a string");
	char *copy = value ? strdup(json_string_value(value)) : NULL;

	if (value && !copy)
		fields_fail(f, -ENOMEM, "out of memory");
	return copy;
}

uint64_t fields_whole(struct fields *f, json_t *in, const char *key, uint64_t max,
		      enum fields_need need)
{
	json_t *value = get(f, in, key, need, is_whole, "a whole number");
	json_int_t number = value ? json_integer_value(value) : 0;

	if (number >= 0 && (uint64_t)number <= max)
		return (uint64_t)number;
	if (number < 0)
		fields_wrong(f, key, "is negative");
	else
		fields_wrong(f, key, "is %" PRIu64 ", above %" PRIu64, (uint64_t)number, max);
	return 0;
}

bool fields_bool(struct fields *f, json_t *in, const char *key, enum fields_need need)
{
	return json_is_true(get(f, in, key, need, is_bool, "true or false"));
}

double fields_number(struct fields *f, json_t *in, const char *key, double absent)
{
	json_t *value = get(f, in, key, OPTIONAL, is_number, "a number");

	return value ? json_number_value(value) : absent;
}

int fields_choice(struct fields *f, json_t *in, const char *key, const char *(*name)(int), int n,
		  enum fields_need need)
{
	json_t *value = get(f, in, key, need, is_text, "a string");
	int i;

	if (!value)
		return 0;
	for (i = 0; i < n; i++)
		if (name(i) && !strcmp(name(i), json_string_value(value)))
			return i;
	fields_wrong(f, key, "is '%.40s', which this program does not know",
		     json_string_value(value));
	return 0;
}
