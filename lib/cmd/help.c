// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

static void overview(void)
{
	const struct command *c;

	puts("usage: suite COMMAND [OPTION...]\n\n"
	     "Workloads for a KVM guest, with the VM exits that each of them causes.\n");
	for (c = commands; c->name; c++)
		if (!c->plumbing)
			printf("  %-9s %s\n", c->name, c->help);
	puts("\nFrom a checkout also:\n"
	     "  lab       the whole experiment on this machine: outer VM with a patched KVM,\n"
	     "            inner VM, nested against shadow paging ('./suite lab help')\n"
	     "  test      all tests of the project\n\n"
	     "'suite help COMMAND' shows the options of one. Exit status: 0 done, 1 a finding\n"
	     "that was asked to fail, 2 usage, 3 environment unusable, 4 everything that was\n"
	     "selected was skipped, 5 a workload failed, 130 interrupted (the partial file is\n"
	     "valid).");
}

int cmd_help(int argc, char **argv)
{
	char *arguments[] = { argc > 1 ? argv[1] : NULL, (char *)"--help", NULL };
	const struct command *c;

	if (argc < 2 || !strcmp(argv[1], "help")) {
		overview();
		return EXIT_DONE;
	}
	c = command_find(argv[1]);
	if (!c)
		return complain(EXIT_USAGE, "unknown command '%s'; 'suite help' lists them",
				argv[1]);
	return c->fn(2, arguments);
}
