// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "result/result.h"

volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

/*
 * No SA_RESTART: a workload that blocks in a system call must get EINTR. SA_RESETHAND: the second
 * signal ends a program that the first could not.
 */
void signals_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

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

int parse_number(const char *text, long long min, long long max, long long *value)
{
	long long number, scale = 1;
	char *end;

	if (!isdigit((unsigned char)*text) && *text != '-')
		return -EINVAL;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text)
		return -EINVAL;
	switch (*end) {
	case 'k':
		scale = 1000;
		break;
	case 'M':
		scale = 1000000;
		break;
	case 'G':
		scale = 1000000000;
		break;
	}
	if (scale > 1)
		end++;
	if (*end || __builtin_mul_overflow(number, scale, &number) || number < min || number > max)
		return -EINVAL;
	*value = number;
	return 0;
}

int take_fact(const char *command, struct result *r, char *text)
{
	char *equals = strchr(text, '=');

	if (!equals || equals == text)
		return complain(EXIT_USAGE, "%s: --fact '%s' is not NAME=TEXT", command, text);
	*equals = 0;
	if (result_add_fact(r, text, "%s", equals + 1))
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
