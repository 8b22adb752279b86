// SPDX-License-Identifier: MIT
#include <string.h>

#include "catalog/catalog.h"
#include "complete/complete.h"
#include "workload.h"

static void offer(const char *text, const char *prefix, FILE *out)
{
	if (!strncmp(text, prefix, strlen(prefix)))
		fprintf(out, "%s\n", text);
}

void complete_workloads(const char *prefix, FILE *out)
{
	const struct workload *const *list;
	size_t i, n = registry_all(&list);
	char family[64], last[64] = "";

	offer("all", prefix, out);
	for (i = 0; i < n; i++) {
		registry_family(list[i], family, sizeof(family));
		/* Sorted by name: a family's members stand together. */
		if (strcmp(family, last) != 0 && strcmp(family, list[i]->name) != 0)
			offer(family, prefix, out);
		strcpy(last, family);
		offer(list[i]->name, prefix, out);
	}
}

void complete_parameters(const char *prefix, FILE *out)
{
	const struct workload *const *list;
	size_t i, n = registry_all(&list);
	const struct parameter *p;
	char text[128];

	for (i = 0; i < n; i++)
		for (p = list[i]->parameter; p && p->name; p++) {
			snprintf(text, sizeof(text), "%s.%s=", list[i]->name, p->name);
			offer(text, prefix, out);
		}
}
