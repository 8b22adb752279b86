// SPDX-License-Identifier: MIT
#include <getopt.h>

#include "cmd/cmd.h"

int bad_option(const char *command, int argc, char **argv)
{
	return complain(EXIT_USAGE,
			"%s: option '%s' is unknown or lacks its value; see 'suite help %s'",
			command, optind > 0 && optind <= argc ? argv[optind - 1] : "", command);
}

static int run(const struct command *self, int argc, char **argv)
{
	(void)self;
	return cmd_witness(argc, argv);
}

COMMAND(command) = {
	.order = 120,
	.summary = "last reading of a laboratory run, then pause the VM",
	.plumbing = true,
	.run = run,
	.line = { .name = "witness",
		  .synopsis = "--pause RESOURCE -o FILE",
		  .about = "Plumbing of the laboratory.",
		  .operands = "" },
};
