// SPDX-License-Identifier: MIT
/* Parameters of workloads, from the command line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "catalog/catalog.h"
#include "workload.h"

static const struct parameter *find(const struct workload *w, const char *name)
{
	const struct parameter *p;

	for (p = w->parameter; p && p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

static void append(char *text, size_t size, const char *more)
{
	size_t length = strlen(text);

	snprintf(text + length, size - length, "%s", more);
}

/* All "WORKLOAD.PARAMETER" of the chosen workloads, or of all workloads if these have none. */
static void what_exists(const bool *chosen, char *text, size_t size)
{
	const struct workload *const *all;
	const struct parameter *p;
	size_t i, n = registry_all(&all);
	char name[96];

	*text = 0;
	for (i = 0; i < n; i++) {
		if (chosen && !chosen[i])
			continue;
		for (p = all[i]->parameter; p && p->name; p++) {
			snprintf(name, sizeof(name), "%s%s.%s", *text ? ", " : "", all[i]->name,
				 p->name);
			append(text, size, name);
		}
	}
	if (!*text && chosen)
		what_exists(NULL, text, size);
}

static int refuse_value(const struct workload *w, const struct parameter *p, const char *text,
			char *message, size_t size)
{
	snprintf(message, size,
		 "--set %s.%s: '%s' is not a whole number from %" PRId64 " to %" PRId64 "%s%s "
		 "(default %" PRId64 ": %s)",
		 w->name, p->name, text, p->min, p->max, *p->unit ? " " : "", p->unit, p->value,
		 p->text);
	return -EINVAL;
}

/* Parse the numbers of "4,8,16"; usually there is one. Returns how many; 0: one is invalid, and is
 * left in `word`. */
static size_t numbers(const struct parameter *p, const char *text, int64_t *value, char *word,
		      size_t size)
{
	size_t n = 0, length;
	long long number;

	for (;; text += length + 1) {
		length = strcspn(text, ",");
		snprintf(word, size, "%.*s", (int)length, text);
		if (n == REGISTRY_MADE || parse_number(word, p->min, p->max, &number))
			return 0;
		value[n++] = number;
		if (!text[length])
			return n;
	}
}

/* Only one parameter of a workload may have a list of values, and then no other value. */
static bool has_list(const struct setting *list, size_t n, const struct workload *w,
		     size_t parameter, bool another)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].workload == w && list[i].variant &&
		    (another || list[i].parameter == parameter))
			return true;
	return false;
}

static int set_one(struct setting **list, size_t *n, const struct workload *w,
		   const struct parameter *p, const char *text, char *message, size_t size)
{
	size_t parameter = (size_t)(p - w->parameter), values;
	int64_t value[REGISTRY_MADE];
	char word[64];
	int ret;

	values = numbers(p, text, value, word, sizeof(word));
	if (!values)
		return refuse_value(w, p, word, message, size);
	if (has_list(*list, *n, w, parameter, values > 1)) {
		snprintf(message, size,
			 "--set %s.%s=%s: %s already has a list of values; it accepts only one",
			 w->name, p->name, text, w->name);
		return -EINVAL;
	}
	if (values == 1)
		return setting_add(list, n, (struct setting){ w, parameter, *value, NULL });
	ret = sweep_add(list, n, w, parameter, value, values);
	if (ret == -EEXIST)
		snprintf(message, size,
			 "--set %s.%s=%s: a value occurs twice: list each value once", w->name,
			 p->name, text);
	else if (ret == -ENOSPC)
		snprintf(message, size, "--set %s.%s=%s: more than %d variants: list fewer values",
			 w->name, p->name, text, REGISTRY_MADE);
	return ret && ret != -ENOMEM ? -EINVAL : ret;
}

/* Set the value for every chosen workload that has the parameter; *found counts them. */
static int set_chosen(struct setting **list, size_t *n, const bool *chosen, const char *name,
		      const char *text, size_t *found, char *message, size_t size)
{
	const struct workload *const *all;
	const struct parameter *p;
	size_t i, workloads = registry_all(&all);
	int ret = 0;

	for (i = 0; i < workloads && !ret; i++) {
		p = chosen[i] ? find(all[i], name) : NULL;
		if (!p)
			continue;
		++*found;
		ret = set_one(list, n, all[i], p, text, message, size);
	}
	return ret;
}

int parameter_set(struct setting **list, size_t *n, const char *text, char *message, size_t size)
{
	const char *equals = strchr(text, '='), *dot;
	size_t found = 0;
	char exist[3072], *name;
	bool *chosen;
	int ret;

	*message = 0;
	dot = equals ? memrchr(text, '.', (size_t)(equals - text)) : NULL;
	if (!dot || dot == text || dot + 1 == equals) {
		snprintf(message, size, "--set '%s' is not WORKLOAD.PARAMETER=VALUE", text);
		return -EINVAL;
	}
	name = strndup(text, (size_t)(equals - text));
	chosen = registry_choice();
	ret = name && chosen ? 0 : -ENOMEM;
	if (!ret) {
		name[dot - text] = 0;
		registry_select(name, chosen);
		ret = set_chosen(list, n, chosen, name + (dot - text) + 1, equals + 1, &found,
				 message, size);
	}
	if (!ret && !found) {
		what_exists(chosen, exist, sizeof(exist));
		snprintf(message, size, "--set %.*s: there is no such parameter; choose from: %s",
			 (int)(equals - text), text, exist);
		ret = -EINVAL;
	}
	free(name);
	free(chosen);
	return ret;
}
