// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "result/result.h"

int complain(int status, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("suite: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return status;
}

int bad_option(const char *command, int argc, char **argv)
{
	const char *text = optind > 0 && optind <= argc ? argv[optind - 1] : "";

	if (optopt && strncmp(text, "--", 2))
		return complain(EXIT_USAGE,
				"%s: option -%c is unknown or lacks its value; see 'suite help %s'",
				command, optopt, command);
	return complain(EXIT_USAGE,
			"%s: option '%s' is unknown or lacks its value; see 'suite help %s'",
			command, text, command);
}

int take_label(const char *command, struct result *r, char *text)
{
	char *equals = strchr(text, '=');

	if (!equals || equals == text)
		return complain(EXIT_USAGE, "%s: --fact '%s' is not NAME=TEXT", command, text);
	*equals = 0;
	if (result_add_label(r, text, "%s", equals + 1))
		return complain(EXIT_ENVIRONMENT, "%s: out of memory", command);
	return EXIT_DONE;
}

bool colour_wanted(FILE *f, const char *choice)
{
	const char *no_color = getenv("NO_COLOR");

	if (choice && !strcmp(choice, "always"))
		return true;
	if ((choice && !strcmp(choice, "never")) || (no_color && *no_color))
		return false;
	return isatty(fileno(f));
}
