// SPDX-License-Identifier: MIT
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "cmd/cmd.h"
#include "cmd/exec_options.h"

const char exec_usage[] =
	"usage: suite exec [OPTION...] -- COMMAND [ARGUMENT...]\n\n"
	"Run a command and tell which VM exits came with it, by reason. The command keeps\n"
	"its standard input, output and exit status (128 + n when signal n ended it); all\n"
	"that suite says goes to standard error.\n\n"
	"  --repeat N       runs (default 1): medians and intervals, see docs/method.md\n"
	"  --ops N          operations that one run does: exits per operation\n"
	"  --background S   seconds of spinning beside each run, to know the background;\n"
	"                   0: none (default: as long as the run, from 0.1 to 1)\n"
	"  --json, --csv    the table for programs\n"
	"  --to FILE        the table goes there; - is standard output\n"
	"  -o FILE          result file for 'suite report' and 'suite compare'\n"
	"  --name NAME      of the workload in it (default exec)\n"
	"  --fact NAME=TEXT record a fact that the guest cannot see (accelerator=kvm)\n"
	"  --require-exits  status 3 when there are no exit counters to read\n\n"
	"Own exit status: 2 usage, 3 environment, 126 and 127 when the command cannot be\n"
	"started or is not there. Cost: two readings a window, taken out exactly.\n";

enum {
	OPT_BACKGROUND = 256,
	OPT_CSV,
	OPT_FACT,
	OPT_JSON,
	OPT_NAME,
	OPT_OPS,
	OPT_REPEAT,
	OPT_REQUIRE,
	OPT_TO
};

static const struct option options[] = {
	{ "background", required_argument, NULL, OPT_BACKGROUND },
	{ "csv", no_argument, NULL, OPT_CSV },
	{ "fact", required_argument, NULL, OPT_FACT },
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "ops", required_argument, NULL, OPT_OPS },
	{ "output", required_argument, NULL, 'o' },
	{ "repeat", required_argument, NULL, OPT_REPEAT },
	{ "require-exits", no_argument, NULL, OPT_REQUIRE },
	{ "to", required_argument, NULL, OPT_TO },
	{ 0 },
};

static int number(const char *name, const char *text, long long max, long long *value)
{
	if (!parse_number(text, 1, max, value))
		return EXIT_DONE;
	return complain(EXIT_USAGE, "exec: --%s '%s' is not a whole number from 1 to %lld", name,
			text, max);
}

static int seconds(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	if (end != text && !*end && *value >= 0 && *value <= 3600)
		return EXIT_DONE;
	return complain(EXIT_USAGE,
			"exec: --background '%s' is not a number of seconds from 0 to 3600", text);
}

/* It stands in keys, tables and on command lines; two names are the controls'. */
static int name(struct exec_settings *s, const char *text)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-";

	if (!*text || strlen(text) > 60 || text[strspn(text, good)] ||
	    !strcmp(text, CONTROL_SPIN) || !strcmp(text, CONTROL_NULL))
		return complain(EXIT_USAGE,
				"exec: --name '%.60s' is not 1 to 60 letters, digits and ._-, or "
				"is taken (spin, null)",
				text);
	s->plan.name = text;
	return EXIT_DONE;
}

static int take_option(struct exec_settings *s, struct result *r, int option)
{
	long long value = 1;
	int status = EXIT_DONE;

	switch (option) {
	case OPT_BACKGROUND:
		return seconds(optarg, &s->plan.background);
	case OPT_CSV:
		s->form = EXEC_CSV;
		break;
	case OPT_FACT:
		return take_label("exec", r, optarg);
	case OPT_JSON:
		s->form = EXEC_JSON;
		break;
	case OPT_NAME:
		return name(s, optarg);
	case OPT_OPS:
		status = number("ops", optarg, 1000000000000, &value);
		s->plan.ops = (uint64_t)value;
		s->plan.ops_given = true;
		break;
	case OPT_REPEAT:
		status = number("repeat", optarg, 10000, &value);
		s->plan.repeat = (uint32_t)value;
		break;
	case OPT_REQUIRE:
		s->require_exits = true;
		break;
	case OPT_TO:
		s->to = optarg;
		break;
	default:
		s->output = optarg;
	}
	return status;
}

int exec_parse(struct exec_settings *s, struct result *r, int argc, char **argv)
{
	int option, status;

	opterr = 0;
	/* '+': the first word that is no option is the command; what follows is its own. */
	while ((option = getopt_long(argc, argv, "+ho:", options, NULL)) != -1) {
		if (option == 'h')
			return -1;
		if (option == '?')
			return bad_option("exec", argc, argv);
		status = take_option(s, r, option);
		if (status)
			return status;
	}
	if (optind == argc)
		return complain(EXIT_USAGE,
				"exec: which command? 'suite exec -- COMMAND [ARGUMENT...]'");
	if (s->output && !strcmp(s->output, "-"))
		return complain(EXIT_USAGE, "exec: -o - : standard output is the command's; name a "
					    "file");
	s->plan.argv = argv + optind;
	return EXIT_DONE;
}
