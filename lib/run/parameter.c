// SPDX-License-Identifier: MIT
/* Parameters of workloads, from the command line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "run/run.h"

void parameter_values(const struct workload *w, const struct setting *list, size_t n,
		      int64_t *value)
{
	size_t i;

	workload_defaults(w, value);
	for (i = 0; i < n; i++)
		if (list[i].workload == w)
			value[list[i].parameter] = list[i].value;
}

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

/* All "WORKLOAD.PARAMETER" of the chosen workloads, or of all where these have none. */
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

static int add(struct setting **list, size_t *n, struct setting s)
{
	struct setting *more = reallocarray(*list, *n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	more[(*n)++] = s;
	*list = more;
	return 0;
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

/* Every chosen workload that has the parameter gets the value. *found: how many have it. */
static int set_chosen(struct setting **list, size_t *n, const bool *chosen, const char *name,
		      const char *text, size_t *found, char *message, size_t size)
{
	const struct workload *const *all;
	const struct parameter *p;
	size_t i, workloads = registry_all(&all);
	long long value;
	int ret = 0;

	for (i = 0; i < workloads && !ret; i++) {
		p = chosen[i] ? find(all[i], name) : NULL;
		if (!p)
			continue;
		++*found;
		if (parse_number(text, p->min, p->max, &value))
			return refuse_value(all[i], p, text, message, size);
		ret = add(list, n,
			  (struct setting){ all[i], (size_t)(p - all[i]->parameter), value });
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
		snprintf(message, size, "--set %.*s: there is no such parameter; there are: %s",
			 (int)(equals - text), text, exist);
		ret = -EINVAL;
	}
	free(name);
	free(chosen);
	return ret;
}
