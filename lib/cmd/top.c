// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/number.h"
#include "cmd/cmd.h"
#include "top/top.h"

#define INTERVAL_LEAST 0.01
#define INTERVAL_MOST 3600

static const char usage[] =
	"usage: suite top [OPTION...]\n\n"
	"Exits per second by reason, live: all together or by vCPU, with their history.\n"
	"What looking itself costs is taken out and shown. 'h' shows the keys.\n\n"
	"  --interval S   seconds between two readings, 0.01 to 3600 (default 1)\n"
	"  --count N      end after so many intervals (default: never)\n"
	"  --vcpus        also by vCPU: reads the counters on each of them\n"
	"  --sort ORDER   rate (default), total, cycles or name\n"
	"  --filter TEXT  only reasons whose name, class or key holds TEXT\n"
	"  --batch        lines for a log, in place of a screen; the default when\n"
	"                 standard input or output is no terminal\n"
	"  --csv          the same for programs\n"
	"  --color WHEN   auto, always or never\n\n"
	"A reading costs about 25 CPUID exits, and with --vcpus as many for each vCPU.\n"
	"Exit status 3: no counters here, with the reason.\n";

enum {
	OPT_BATCH = 256,
	OPT_COLOR,
	OPT_COUNT,
	OPT_CSV,
	OPT_FILTER,
	OPT_INTERVAL,
	OPT_SORT,
	OPT_VCPUS
};

static const struct option options[] = {
	{ "batch", no_argument, NULL, OPT_BATCH },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "csv", no_argument, NULL, OPT_CSV },
	{ "filter", required_argument, NULL, OPT_FILTER },
	{ "help", no_argument, NULL, 'h' },
	{ "interval", required_argument, NULL, OPT_INTERVAL },
	{ "sort", required_argument, NULL, OPT_SORT },
	{ "vcpus", no_argument, NULL, OPT_VCPUS },
	{ 0 },
};

struct request {
	struct top_settings s;
	bool batch;
	const char *color;
};

static int parse_interval(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	if (end != text && !*end && *value >= INTERVAL_LEAST && *value <= INTERVAL_MOST)
		return EXIT_DONE;
	return complain(EXIT_USAGE, "top: --interval '%s' is not a number of seconds from %g to %d",
			text, INTERVAL_LEAST, INTERVAL_MOST);
}

static int parse_order(const char *text, enum top_order *order)
{
	int i;

	for (i = 0; i < TOP_ORDERS; i++)
		if (!strcmp(text, top_order_name((enum top_order)i))) {
			*order = (enum top_order)i;
			return EXIT_DONE;
		}
	return complain(EXIT_USAGE, "top: --sort '%s' is not rate, total, cycles or name", text);
}

static int parse_color(const char *text, const char **color)
{
	*color = text;
	if (!strcmp(text, "auto") || !strcmp(text, "always") || !strcmp(text, "never"))
		return EXIT_DONE;
	return complain(EXIT_USAGE, "top: --color '%s' is not auto, always or never", text);
}

static int take_option(struct request *q, int option)
{
	long long value;

	switch (option) {
	case OPT_BATCH:
		q->batch = true;
		break;
	case OPT_COLOR:
		return parse_color(optarg, &q->color);
	case OPT_COUNT:
		if (parse_number(optarg, 1, 1000000000, &value))
			return complain(EXIT_USAGE,
					"top: --count '%s' is not a whole number from 1 to "
					"1000000000",
					optarg);
		q->s.count = (uint64_t)value;
		break;
	case OPT_CSV:
		q->s.csv = q->batch = true;
		break;
	case OPT_FILTER:
		q->s.filter = optarg;
		break;
	case OPT_INTERVAL:
		return parse_interval(optarg, &q->s.interval);
	case OPT_SORT:
		return parse_order(optarg, &q->s.order);
	default:
		q->s.per_vcpu = true;
	}
	return EXIT_DONE;
}

/* A terminal that says of itself that it cannot place a cursor is none. */
static bool has_screen(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !(term && !strcmp(term, "dumb"));
}

static int top(struct request *q)
{
	struct exitprobe probe;
	struct top t;
	int ret;

	if (exitprobe_open(&probe, NULL))
		return complain(EXIT_ENVIRONMENT, "top: no exit counters: %s", probe.why);
	if (q->s.per_vcpu && probe.backend != EXITPROBE_LEAVES)
		return complain(EXIT_ENVIRONMENT,
				"top: %s counts all vCPUs together; leave --vcpus out",
				exitprobe_backend_name(probe.backend));
	q->s.colour = colour_wanted(stdout, q->color);
	signals_catch();
	ret = top_open(&t, &probe, q->s.per_vcpu);
	if (!ret) {
		if (q->batch || !has_screen())
			ret = top_batch(&t, &q->s, stdout);
		else
			ret = top_screen(&t, &q->s);
		top_close(&t);
	}
	if (ret == -ENOTTY)
		return complain(EXIT_ENVIRONMENT,
				"top: this terminal cannot place a cursor; use --batch");
	if (ret)
		return complain(EXIT_ENVIRONMENT,
				"top: the counters cannot be read: %s; has the VM "
				"been moved?",
				strerror(-ret));
	return interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}

int cmd_top(int argc, char **argv)
{
	struct request q = { .s = { .interval = 1, .filter = "" }, .color = "auto" };
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_DONE;
		}
		if (option == '?')
			return bad_option("top", argc, argv);
		status = take_option(&q, option);
		if (status)
			return status;
	}
	if (optind != argc)
		return complain(EXIT_USAGE, "top: takes no argument '%s'; see 'suite help top'",
				argv[optind]);
	return top(&q);
}
