// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"

static int dispatch(int argc, char **argv)
{
	char *help[] = { argv[0], NULL };
	const struct command *command = command_find(argc < 2 ? "help" : argv[1]);

	if (argc < 2)
		return command->run(command, 1, help), EXIT_USAGE;
	if (!command)
		return complain(EXIT_USAGE, "unknown command '%s'; 'suite help' lists them",
				argv[1]);
	return command->run(command, argc - 1, argv + 1);
}

/* Every command prints to stdout, and what does not arrive there is not done. */
int main(int argc, char **argv)
{
	int status = dispatch(argc, argv);

	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		if (status != EXIT_ENVIRONMENT)
			complain(0, "standard output cannot be written: %s; name another place",
				 errno ? strerror(errno) : "an earlier write failed");
		return EXIT_ENVIRONMENT;
	}
	return status == EXIT_HELPED ? EXIT_DONE : status;
}
