// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "cmd/cmd.h"
#include "top/top.h"

struct settings {
	struct top_settings s;
	bool batch;
	enum colour_when color;
};

static const struct option_def options[] = {
	{ "interval", .type = OPTION_REAL, .metavar = "SECONDS",
	  .help = "time between two readings, 0.01 to 3600 (default 1)",
	  OPTION_AT(struct settings, s.interval), .low = 0.01, .high = 3600, .unit = "seconds" },
	{ "count", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "end after N intervals (default: never)", OPTION_AT(struct settings, s.count),
	  .min = 1, .max = 1000000000 },
	{ "vcpus", .help = "also by vCPU: reads the counters on each of them",
	  OPTION_AT(struct settings, s.per_vcpu) },
	{ "sort", .type = OPTION_CHOICE, .metavar = "ORDER",
	  .help = "rate (default), total, cycles or name", OPTION_AT(struct settings, s.order),
	  .choices = CHOICES(top_orders) },
	{ "filter", .type = OPTION_TEXT, .metavar = "TEXT",
	  .help = "only reasons whose name, class or key contains TEXT",
	  OPTION_AT(struct settings, s.filter) },
	{ "batch",
	  .help = "print lines for a log instead of drawing a screen; the default when standard "
		  "input or output is not a terminal",
	  OPTION_AT(struct settings, batch) },
	{ "csv", .help = "print comma-separated values, for programs",
	  OPTION_AT(struct settings, s.csv) },
	COLOR_OPTION(struct settings, color),
	{ .name = NULL },
};

/* TERM=dumb does not count as a terminal. */
static bool has_screen(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !(term && !strcmp(term, "dumb"));
}

static int watch(struct settings *q)
{
	struct exitprobe probe;
	struct top t;
	int ret;

	if (exitprobe_open(&probe, NULL))
		return complain(EXIT_ENVIRONMENT, "top: no exit counters: %s", probe.why);
	if (q->s.per_vcpu && !exitprobe_counts_vcpu(&probe))
		return complain(EXIT_ENVIRONMENT,
				"top: %s counts all vCPUs together; leave --vcpus out",
				exitprobe_backend_name(probe.backend));
	q->s.colour = colour_wanted(stdout, q->color);
	signals_catch();
	ret = top_open(&t, &probe, q->s.per_vcpu);
	if (!ret) {
		if (q->batch || q->s.csv || !has_screen())
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

static int top(const struct command *self, int argc, char **argv)
{
	struct settings q = { .s = { .interval = 1, .filter = "" } };
	int status = command_options(self, &q, &argc, argv);

	return status ? status : watch(&q);
}

COMMAND(command) = {
	.order = 50,
	.summary = "exits per second by reason, live",
	.run = top,
	.line = { .name = "top",
		  .synopsis = "[OPTION...]",
		  .about = "Exits per second by reason, live: for the whole VM or by vCPU, with "
			   "their history. The cost of each reading is subtracted and shown. "
			   "'h' lists the keys.",
		  .notes = "A reading costs about 25 CPUID exits, and with --vcpus as many for "
			   "each vCPU. Exit status 3: no counters here, with the reason.",
		  .option = options },
};
