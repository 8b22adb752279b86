// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "catalog/catalog.h"
#include "cmd/cmd.h"

struct settings {
	bool json, verbose, manual;
};

static const struct option_def options[] = {
	{ "verbose", 'v', .help = "also list the parameters, for 'suite run --set'",
	  OPTION_AT(struct settings, verbose) },
	{ "manual", .help = "print suite-workloads(7), in the language of scdoc(1)",
	  OPTION_AT(struct settings, manual) },
	{ "json",
	  .help = "print {\"workloads\": [{name, family, summary, op, supported, reason, "
		  "parameters: [{name, default, min, max, unit, text}]}]}",
	  OPTION_AT(struct settings, json) },
	{ .name = NULL },
};

static int print(const struct command *self, const struct settings *s, const bool *chosen)
{
	if (s->json)
		return command_status(self, catalog_json(chosen, stdout), NULL);
	catalog_text(chosen, s->verbose, stdout);
	return EXIT_DONE;
}

static int choose(bool *chosen, int argc, char **argv)
{
	int i;

	if (!argc)
		return registry_select("*", chosen), EXIT_DONE;
	for (i = 0; i < argc; i++)
		if (!registry_select(argv[i], chosen))
			return complain(EXIT_USAGE,
					"list: no workload matches '%s'; 'suite list' shows all",
					argv[i]);
	return EXIT_DONE;
}

static int list(const struct command *self, int argc, char **argv)
{
	struct settings s = { .json = false };
	int status = command_options(self, &s, &argc, argv);
	bool *chosen;

	if (status)
		return status;
	if (s.manual)
		return catalog_manual(stdout), EXIT_DONE;
	chosen = registry_choice();
	if (!chosen)
		return complain(EXIT_ENVIRONMENT, "list: out of memory");
	status = choose(chosen, argc, argv);
	if (!status)
		status = print(self, &s, chosen);
	free(chosen);
	return status;
}

COMMAND(command) = {
	.order = 10,
	.summary = "the workloads, what one operation is, and whether they can run here",
	.run = list,
	.line = { .name = "list",
		  .synopsis = "[OPTION...] [WORKLOAD...]",
		  .about = "The workloads, what one operation of each is, and why one cannot "
			   "run here. WORKLOAD: a name, a family, a shell pattern, or all (the "
			   "default).",
		  .option = options,
		  .operands = ":workloads" },
};
