// SPDX-License-Identifier: MIT
/* Parameter values that were set. */
#include <errno.h>
#include <stdlib.h>

#include "catalog/catalog.h"
#include "workload.h"

void parameter_values(const struct workload *w, const struct setting *list, size_t n,
		      int64_t *value)
{
	size_t i;

	workload_defaults(w, value);
	for (i = 0; i < n; i++)
		if (list[i].workload == w && !list[i].variant)
			value[list[i].parameter] = list[i].value;
}

int setting_add(struct setting **list, size_t *n, struct setting s)
{
	struct setting *more = reallocarray(*list, *n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	more[(*n)++] = s;
	*list = more;
	return 0;
}

int settings_check(const struct setting *list, size_t n, const bool *chosen, char *message,
		   size_t size)
{
	const struct workload *const *all;
	const struct workload *w;
	size_t i, j, known = registry_all(&all);

	for (i = 0; i < n; i++) {
		w = list[i].workload;
		for (j = 0; j < known && all[j] != w; j++)
			;
		if (j == known || chosen[j])
			continue;
		snprintf(message, size,
			 "--set %s.%s, but %s is not among the workloads of this run", w->name,
			 w->parameter[list[i].parameter].name, w->name);
		return -EINVAL;
	}
	return 0;
}
