// SPDX-License-Identifier: MIT
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/run.h"

/* Bounds of the linker section that WORKLOAD() fills; weak, so that a program without workloads
 * links. */
extern const struct workload *const __start_workloads[] __attribute__((weak));
extern const struct workload *const __stop_workloads[] __attribute__((weak));

static int by_name(const void *a, const void *b)
{
	const struct workload *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

size_t registry_all(const struct workload *const **list)
{
	static const struct workload **sorted;
	/* As numbers: to the language the two bounds are different objects. */
	size_t n = ((uintptr_t)__stop_workloads - (uintptr_t)__start_workloads) / sizeof(**list);

	if (!sorted && n) {
		sorted = malloc(n * sizeof(*sorted));
		if (!sorted)
			return 0;
		memcpy(sorted, __start_workloads, n * sizeof(*sorted));
		qsort(sorted, n, sizeof(*sorted), by_name);
	}
	*list = sorted;
	return n;
}

const struct workload *registry_find(const char *name)
{
	const struct workload *const *list;
	size_t i, n = registry_all(&list);

	for (i = 0; i < n; i++)
		if (!strcmp(list[i]->name, name))
			return list[i];
	return NULL;
}

void registry_family(const struct workload *w, char *family, size_t size)
{
	snprintf(family, size, "%.*s", (int)strcspn(w->name, "."), w->name);
}

static bool selects(const char *pattern, const struct workload *w)
{
	size_t length = strlen(pattern);

	/* A family is what comes before a dot: "io", "io.blk". */
	return !strcmp(pattern, "all") || !strcmp(pattern, w->name) ||
	       (length && !strncmp(pattern, w->name, length) && w->name[length] == '.') ||
	       !fnmatch(pattern, w->name, 0);
}

size_t registry_select(const char *pattern, bool *chosen)
{
	const struct workload *const *list;
	size_t i, n = registry_all(&list), matched = 0;

	for (i = 0; i < n; i++) {
		if (!selects(pattern, list[i]))
			continue;
		chosen[i] = true;
		matched++;
	}
	return matched;
}

void workload_defaults(const struct workload *w, int64_t *value)
{
	const struct parameter *p;
	size_t i = 0;

	for (p = w->parameter; p && p->name && i < PARAMETERS_MAX; p++)
		value[i++] = p->value;
}

const char *workload_unsupported(const struct workload *w, struct run *r)
{
	return w->supported ? w->supported(r) : NULL;
}
