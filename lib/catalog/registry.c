// SPDX-License-Identifier: MIT
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "workload.h"

/* Bounds of the linker section that WORKLOAD() fills; weak, so that a program without workloads
 * links. */
extern const struct workload *const __start_workloads[] __attribute__((weak));
extern const struct workload *const __stop_workloads[] __attribute__((weak));

extern const struct workload_family *const __start_families[] __attribute__((weak));
extern const struct workload_family *const __stop_families[] __attribute__((weak));

/* All workloads: the registered ones by name, then those made because the user named them. */
static const struct workload **known;
static size_t count, made;

static int by_name(const void *a, const void *b)
{
	const struct workload *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

size_t registry_all(const struct workload *const **list)
{
	/* Subtract as numbers: in C the two bounds are different objects. */
	size_t n = ((uintptr_t)__stop_workloads - (uintptr_t)__start_workloads) / sizeof(*known);

	if (!known && n) {
		known = calloc(n + REGISTRY_MADE, sizeof(*known));
		if (!known)
			return 0;
		memcpy(known, __start_workloads, n * sizeof(*known));
		qsort(known, n, sizeof(*known), by_name);
		count = n;
	}
	*list = known;
	return count;
}

bool *registry_choice(void)
{
	const struct workload *const *list;

	return calloc(registry_all(&list) + REGISTRY_MADE, sizeof(bool));
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

	if (!strcmp(pattern, "all"))
		return !w->program;
	/* A family is what comes before a dot: "io", "io.blk". */
	return !strcmp(pattern, w->name) ||
	       (length && !strncmp(pattern, w->name, length) && w->name[length] == '.') ||
	       !fnmatch(pattern, w->name, 0);
}

size_t registry_room(void)
{
	return REGISTRY_MADE - made;
}

int registry_add(const struct workload *w)
{
	const struct workload *const *list;

	if (!registry_all(&list) || !registry_room())
		return -ENOSPC;
	known[count++] = w;
	made++;
	return 0;
}

/* Make a workload of a family on demand and register it; NULL if there is none of that name. */
static const struct workload *make(const char *name)
{
	size_t n = ((uintptr_t)__stop_families - (uintptr_t)__start_families) /
		   sizeof(*__start_families);
	const struct workload_family *f;
	const struct workload *w;
	size_t i, length;

	for (i = 0; i < n; i++) {
		f = __start_families[i];
		length = strlen(f->name);
		if (strncmp(name, f->name, length) != 0 || name[length] != '.')
			continue;
		w = registry_room() ? f->make(name + length + 1) : NULL;
		return w && !registry_add(w) ? w : NULL;
	}
	return NULL;
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
	if (!matched && make(pattern)) {
		chosen[n] = true;
		matched = 1;
	}
	return matched;
}

const struct workload **registry_chosen(const bool *chosen, size_t *n)
{
	const struct workload *const *all;
	size_t i, total = registry_all(&all);
	const struct workload **list = calloc(total + 1, sizeof(*list));

	*n = 0;
	for (i = 0; list && i < total; i++)
		if (chosen[i])
			list[(*n)++] = all[i];
	return list;
}

void workload_defaults(const struct workload *w, int64_t *value)
{
	const struct parameter *p;
	size_t i = 0;

	for (p = w->parameter; p && p->name && i < PARAMETERS_MAX; p++)
		value[i++] = p->value;
}

const char *workload_unsupported(const struct workload *w, struct bench *r)
{
	return w->supported ? w->supported(r) : NULL;
}
