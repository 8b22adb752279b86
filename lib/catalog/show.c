// SPDX-License-Identifier: MIT
/* The list of workloads, for people and for programs. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "catalog/catalog.h"
#include "workload.h"

static const char *why_not(const struct workload *w)
{
	int64_t value[PARAMETERS_MAX] = { 0 };
	struct bench r = { .workload = w,
			   .value = value,
			   .cpus = (int)sysconf(_SC_NPROCESSORS_ONLN) };
	static char reason[sizeof(r.why)];
	const char *why;

	workload_defaults(w, value);
	why = workload_unsupported(w, &r);
	/* The reason may live in `r`. */
	if (why)
		snprintf(reason, sizeof(reason), "%s", why);
	return why ? reason : NULL;
}

static json_t *parameters(const struct workload *w)
{
	const struct parameter *p;
	json_t *list = json_array();

	for (p = w->parameter; p && p->name; p++)
		json_array_append_new(list,
				      json_pack("{s:s, s:I, s:I, s:I, s:s, s:s}", "name", p->name,
						"default", (json_int_t)p->value, "min",
						(json_int_t)p->min, "max", (json_int_t)p->max,
						"unit", p->unit, "text", p->text));
	return list;
}

static json_t *entry(const struct workload *w)
{
	const char *why = why_not(w);
	char family[64];

	registry_family(w, family, sizeof(family));
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s?, s:o}", "name", w->name, "family", family,
			 "summary", w->summary, "op", w->op, "supported", why == NULL, "reason",
			 why, "parameters", parameters(w));
}

static void print_parameters(const struct workload *w, FILE *out)
{
	const struct parameter *p;

	for (p = w->parameter; p && p->name; p++)
		fprintf(out,
			"%-18s %-12s   --set %s.%s=%" PRId64 "  %s (%" PRId64 " to %" PRId64
			"%s%s)\n",
			"", "", w->name, p->name, p->value, p->text, p->min, p->max,
			*p->unit ? " " : "", p->unit);
}

static void print_line(const struct workload *w, bool verbose, FILE *out)
{
	const char *why = why_not(w);

	fprintf(out, "%-18s %-12s %s\n", w->name, w->op, w->summary);
	if (why)
		fprintf(out, "%-18s %-12s   not here: %s\n", "", "", why);
	if (verbose)
		print_parameters(w, out);
}

void catalog_text(const bool *chosen, bool verbose, FILE *out)
{
	const struct workload *const *list;
	size_t i, n = registry_all(&list);

	fprintf(out, "%-18s %-12s %s\n", "WORKLOAD", "OPERATION", "WHAT IT DOES");
	for (i = 0; i < n; i++)
		if (chosen[i])
			print_line(list[i], verbose, out);
}

int catalog_json(const bool *chosen, FILE *out)
{
	json_t *workloads = json_array(), *document;
	const struct workload *const *list;
	size_t i, n = registry_all(&list);

	for (i = 0; i < n; i++)
		if (chosen[i])
			json_array_append_new(workloads, entry(list[i]));
	document = json_pack("{s:o}", "workloads", workloads);
	if (!document)
		return -ENOMEM;
	json_dumpf(document, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(document);
	return 0;
}
