// SPDX-License-Identifier: MIT
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/catalog.h"
#include "cmd/cmd.h"
#include "cmd/list.h"
#include "workload.h"

static const char usage[] =
	"usage: suite list [-v] [--json] [WORKLOAD...]\n\n"
	"The workloads, what one operation of each is, and why one cannot run here.\n"
	"WORKLOAD: a name, a family, a shell pattern, or all (the default).\n\n"
	"  -v, --verbose  also the parameters, for 'suite run --set'\n"
	"  --manual       suite-workloads(7), in the language of scdoc(1)\n"
	"  --json         {\"workloads\": [{name, family, summary, op, supported, reason,\n"
	"                 parameters: [{name, default, min, max, unit, text}]}]}\n";

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

static void print_parameters(const struct workload *w)
{
	const struct parameter *p;

	for (p = w->parameter; p && p->name; p++)
		printf("%-18s %-12s   --set %s.%s=%" PRId64 "  %s (%" PRId64 " to %" PRId64
		       "%s%s)\n",
		       "", "", w->name, p->name, p->value, p->text, p->min, p->max,
		       *p->unit ? " " : "", p->unit);
}

static void print_line(const struct workload *w, bool verbose)
{
	const char *why = why_not(w);

	printf("%-18s %-12s %s\n", w->name, w->op, w->summary);
	if (why)
		printf("%-18s %-12s   not here: %s\n", "", "", why);
	if (verbose)
		print_parameters(w);
}

static int print(const struct workload *const *list, size_t n, const bool *chosen, bool json,
		 bool verbose)
{
	json_t *workloads = json ? json_array() : NULL, *document;
	size_t i;

	if (!json)
		printf("%-18s %-12s %s\n", "WORKLOAD", "OPERATION", "WHAT IT DOES");
	for (i = 0; i < n; i++) {
		if (!chosen[i])
			continue;
		if (json)
			json_array_append_new(workloads, entry(list[i]));
		else
			print_line(list[i], verbose);
	}
	if (!json)
		return EXIT_DONE;
	document = json_pack("{s:o}", "workloads", workloads);
	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
	return EXIT_DONE;
}

int cmd_list(int argc, char **argv)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
						 { "help", no_argument, NULL, 'h' },
						 { "manual", no_argument, NULL, 'm' },
						 { "verbose", no_argument, NULL, 'v' },
						 { 0 } };
	const struct workload *const *list;
	size_t n = registry_all(&list), i;
	bool json = false, verbose = false, *chosen;
	int option, status = EXIT_DONE;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			json = true;
			break;
		case 'v':
			verbose = true;
			break;
		case 'm':
			list_manual(list, n);
			return EXIT_DONE;
		case 'h':
			fputs(usage, stdout);
			return EXIT_DONE;
		default:
			return bad_option("list", argc, argv);
		}
	}
	chosen = registry_choice();
	if (!chosen)
		return complain(EXIT_ENVIRONMENT, "list: out of memory");
	for (i = 0; i < n; i++)
		chosen[i] = optind == argc;
	for (; optind < argc && !status; optind++)
		if (!registry_select(argv[optind], chosen))
			status = complain(EXIT_USAGE,
					  "list: no workload matches '%s'; 'suite list' shows all",
					  argv[optind]);
	if (!status)
		status = print(list, registry_all(&list), chosen, json, verbose);
	free(chosen);
	return status;
}
