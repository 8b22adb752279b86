// SPDX-License-Identifier: MIT
#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

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

/* JSON readers use signed whole numbers; no count here comes near the limit. */
json_t *json_count(uint64_t n)
{
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

json_t *json_parameters(const struct result_workload *w)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < w->parameters; i++)
		json_object_set_new(object, w->parameter[i].name,
				    json_integer(w->parameter[i].value));
	return object;
}
