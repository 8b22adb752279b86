// SPDX-License-Identifier: MIT
#include "text/json_value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result/utf8.h"

json_t *json_number(double x)
{
	return isfinite(x) ? json_real(x) : json_null();
}

/* A name of a file, or of a fact on a command line, need not be UTF-8. */
json_t *json_text(const char *s)
{
	json_t *value = s ? json_string(s) : json_null();
	size_t length;
	char *clean;

	if (value)
		return value;
	clean = utf8_clean(s, strlen(s), &length);
	value = clean ? json_stringn(clean, length) : NULL;
	free(clean);
	return value;
}

json_t *json_count(uint64_t n)
{
	return json_integer((json_int_t)n);
}

void json_set_interval(json_t *object, const struct stats_interval *i, double scale)
{
	json_object_set_new(object, "est", json_number(i->est * scale));
	json_object_set_new(object, "lo", json_number(i->lo * scale));
	json_object_set_new(object, "hi", json_number(i->hi * scale));
	json_object_set_new(object, "coverage", json_number(i->coverage));
	json_object_set_new(object, "n", json_count(i->n));
}
