// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static void overview(void)
{
	const struct command *c;
	size_t i;

	puts("usage: suite COMMAND [OPTION...]\n\n"
	     "Workloads for a KVM guest, with the VM exits that each of them causes.\n");
	for (i = 0; (c = command_at(i)); i++)
		if (!c->plumbing)
			printf("  %-9s %s\n", c->line.name, c->summary);
	puts("\nFrom a checkout also:\n"
	     "  lab       the whole experiment on this machine: outer VM with a patched KVM,\n"
	     "            inner VM, nested against shadow paging ('./suite lab help')\n"
	     "  test      all tests of the project\n\n"
	     "'suite help COMMAND' shows the options of a command. Exit status: 0 done; 1 a\n"
	     "finding that an option turns into a failure; 2 usage; 3 environment unusable;\n"
	     "4 everything selected was skipped; 5 a workload failed; 130 interrupted (the\n"
	     "partial file is valid).");
}

static int help(const struct command *self, int argc, char **argv)
{
	const struct command *c;
	int i;

	for (i = 1; i < argc; i++) {
		c = command_find(argv[i]);
		if (!c)
			return complain(EXIT_USAGE, "unknown command '%s'; 'suite help' lists them",
					argv[i]);
		if (c != self)
			options_usage(&c->line, "suite", stdout);
		else
			overview();
	}
	if (argc < 2)
		overview();
	return EXIT_DONE;
}

COMMAND(command) = {
	.order = 130,
	.summary = "this list, or the options of one command",
	.run = help,
	.line = { .name = "help",
		  .synopsis = "[COMMAND...]",
		  .operands = "",
		  .about = "Show all commands, or the options of those named.\n" },
};
