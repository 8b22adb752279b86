// SPDX-License-Identifier: MIT
/* A parameter with several values, "--set madvise.bulk.pages=32,33,34": one variant of the workload
 * per value; they run in its place. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "workload.h"

/* The setting that made this variant, or NULL. */
static const struct setting *maker(const struct setting *list, size_t n,
				   const struct workload *variant)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].variant == variant)
			return &list[i];
	return NULL;
}

/* A copy of the workload whose default for that parameter is the value. Like all workloads, it
 * lives as long as the program. */
static struct workload *vary(const struct workload *w, size_t parameter, int64_t value)
{
	struct workload *copy = malloc(sizeof(*copy));
	struct parameter *table;
	char *name = NULL;
	size_t n = 0;

	while (w->parameter[n].name)
		n++;
	table = calloc(n + 1, sizeof(*table));
	if (!copy || !table ||
	    asprintf(&name, "%s@%s=%" PRId64, w->name, w->parameter[parameter].name, value) < 0) {
		free(copy);
		free(table);
		return NULL;
	}
	memcpy(table, w->parameter, n * sizeof(*table));
	table[parameter].value = value;
	*copy = *w;
	copy->name = name;
	copy->parameter = table;
	return copy;
}

int sweep_add(struct setting **list, size_t *n, const struct workload *w, size_t parameter,
	      const int64_t *value, size_t values)
{
	struct workload *variant;
	size_t i, j;
	int ret = 0;

	for (i = 0; i < values; i++)
		for (j = 0; j < i; j++)
			if (value[i] == value[j])
				return -EEXIST;
	if (values > registry_room())
		return -ENOSPC;
	for (i = 0; i < values && !ret; i++) {
		variant = vary(w, parameter, value[i]);
		ret = variant ? registry_add(variant) : -ENOMEM;
		if (!ret)
			ret = setting_add(list, n,
					  (struct setting){ w, parameter, value[i], variant });
	}
	return ret;
}

/* Settings of the workload also apply to its variants. */
static int inherit(struct setting **list, size_t *n, const struct setting *made)
{
	size_t i, before = *n;
	struct setting s;
	int ret = 0;

	for (i = 0; i < before && !ret; i++) {
		s = (*list)[i];
		if (s.workload != made->workload || s.variant)
			continue;
		s.workload = made->variant;
		ret = setting_add(list, n, s);
	}
	return ret;
}

int sweep_choose(struct setting **list, size_t *n, bool *chosen)
{
	const struct workload *const *all;
	size_t i, j, workloads = registry_all(&all);
	const struct setting *s;
	struct setting made;
	int ret = 0;

	for (i = 0; i < workloads && !ret; i++) {
		s = maker(*list, *n, all[i]);
		if (!s)
			continue;
		made = *s;
		for (j = 0; j < workloads; j++)
			if (all[j] == made.workload)
				chosen[i] = chosen[j];
		ret = inherit(list, n, &made);
	}
	/* Not earlier: each of a workload's variants asks whether the workload was chosen. */
	for (i = 0; i < *n; i++)
		for (j = 0; j < workloads; j++)
			if ((*list)[i].variant && all[j] == (*list)[i].workload)
				chosen[j] = false;
	return ret;
}
