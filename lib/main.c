// SPDX-License-Identifier: MIT
#include "cmd/cmd.h"

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return cmd_help(1, argv), EXIT_USAGE;
	command = command_find(argv[1]);
	if (!command)
		return complain(EXIT_USAGE, "unknown command '%s'; 'suite help' lists them",
				argv[1]);
	return command->fn(argc - 1, argv + 1);
}
