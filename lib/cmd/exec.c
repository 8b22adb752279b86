// SPDX-License-Identifier: MIT
/* Attribute VM exits to any command, as perf stat attributes events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "exec/exec.h"
#include "guest/guest.h"

enum { EXIT_NOT_RUN = 126, EXIT_NOT_FOUND = 127 };

struct settings {
	struct exec_plan plan;
	int form;           /* position in exec_formats */
	const char *output; /* result file, or NULL */
	const char *to;     /* where the table goes; NULL: stderr */
	struct result *result;
	bool require_exits;
};

/* It stands in keys, tables and on command lines; two names are the controls'. */
static int take_name(void *target, const struct option_def *o, const char *text, char *message,
		     size_t size)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-";

	if (*text && strlen(text) <= 60 && !text[strspn(text, good)] &&
	    strcmp(text, CONTROL_SPIN) != 0 && strcmp(text, CONTROL_NULL) != 0) {
		*(const char **)target = text;
		return 0;
	}
	snprintf(message, size,
		 "--%s '%.60s' is not 1 to 60 letters, digits and ._-, or is taken (spin, null)",
		 o->name, text);
	return -EINVAL;
}

static const struct option_def options[] = {
	{ "repeat", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "run the command N times (default 1): medians and intervals",
	  OPTION_AT(struct settings, plan.repeat), .min = 1, .max = 10000 },
	{ "ops", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "operations that one run performs; exits are then printed per operation",
	  OPTION_AT(struct settings, plan.ops), .min = 1, .max = 1000000000000 },
	{ "background", .type = OPTION_REAL, .metavar = "SECONDS",
	  .help = "time to spin next to each run, to measure the background; 0: none (default: "
		  "as long as the run, from 0.1 to 1)",
	  OPTION_AT(struct settings, plan.background), .low = 0, .high = 3600, .unit = "seconds" },
	{ "json", .type = OPTION_CHOSEN, .help = "print the table as JSON",
	  OPTION_AT(struct settings, form), .choices = CHOICES(exec_formats), .values = "json" },
	{ "csv", .type = OPTION_CHOSEN, .help = "print the table as comma-separated values",
	  OPTION_AT(struct settings, form), .choices = CHOICES(exec_formats), .values = "csv" },
	{ "to", .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "write the table to FILE; - is standard output", OPTION_AT(struct settings, to),
	  .values = ":files" },
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "write a result file for 'suite report' and 'suite compare'",
	  OPTION_AT(struct settings, output), .values = ":files" },
	{ "name", .type = OPTION_CALL, .metavar = "NAME",
	  .help = "name of the workload in the result file (default exec)",
	  OPTION_AT(struct settings, plan.name), .call = take_name },
	LABEL_OPTION(struct settings, result),
	{ "require-exits", .help = "fail with status 3 when there are no exit counters to read",
	  OPTION_AT(struct settings, require_exits) },
	{ .name = NULL },
};

struct page {
	const struct exec_format *form;
	const struct exec_table *table;
};

static int print(const void *context, FILE *out)
{
	const struct page *page = context;

	return page->form->write(page->table, out);
}

static int show(const struct command *self, const struct settings *s, const struct exec *x)
{
	struct exec_table t;
	const struct page page = { &exec_formats[s->form], &t };
	int ret, status;

	ret = exec_table(&t, x);
	if (!ret && s->to)
		status = command_output(self, s->to, print, &page);
	else
		status = command_status(self, ret ? ret : print(&page, stderr), strerror(-ret));
	exec_table_free(&t);
	return status;
}

static int deliver(const struct command *self, const struct settings *s, const struct exec *x,
		   int ret)
{
	char message[512];
	int status = EXIT_DONE;

	if (x->error)
		return complain(x->error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN,
				"exec: '%s' cannot be run: %s", s->plan.argv[0],
				strerror(x->error));
	if (ret)
		return command_status(self, ret == -EINVAL ? -EIO : ret, strerror(-ret));
	if (x->done)
		status = show(self, s, x);
	if (s->output && result_write(x->r, s->output, message, sizeof(message)))
		status = command_status(self, -EIO, message);
	else if (s->output)
		complain(0, "exec: %s is in %s", x->r->complete ? "the result" : "a partial result",
			 s->output);
	return exec_passed_on(x) ? exec_passed_on(x) : status;
}

static int measure(const struct command *self, const struct settings *s, struct result *r)
{
	struct exec x = { .plan = &s->plan, .r = r };
	struct exitprobe probe;
	char message[512];
	int status;

	if (s->output && result_writable(s->output, message, sizeof(message)))
		return command_status(self, -EIO, message);
	if (exitprobe_open(&probe, NULL)) {
		if (s->require_exits)
			return complain(EXIT_ENVIRONMENT, "exec: no exit counters: %s", probe.why);
		complain(0, "exec: exits are not available, time only: %s", probe.why);
	}
	x.win.probe = &probe;
	x.times = calloc(s->plan.repeat, sizeof(*x.times));
	if (!x.times || environment_probe(r, &probe) || environment_describe(r, &probe) ||
	    exec_describe(r, s->plan.argv))
		status = command_status(self, -ENOMEM, NULL);
	else
		status = deliver(self, s, &x, exec_measure(&x));
	free(x.times);
	return status;
}

static int check(struct settings *s, int argc, char **argv)
{
	if (!argc)
		return complain(EXIT_USAGE,
				"exec: which command? 'suite exec -- COMMAND [ARGUMENT...]'");
	if (s->output && !strcmp(s->output, "-"))
		return complain(EXIT_USAGE,
				"exec: -o -: standard output belongs to the command; name a file");
	s->plan.argv = argv;
	s->plan.ops_given = s->plan.ops > 0;
	s->plan.ops = s->plan.ops ? s->plan.ops : 1;
	return EXIT_DONE;
}

static int exec(const struct command *self, int argc, char **argv)
{
	struct result r = { .major = RESULT_MAJOR, .minor = RESULT_MINOR };
	struct settings s = { .plan = { .name = "exec", .repeat = 1, .background = -1 },
			      .result = &r };
	char started[32];
	int status = command_options(self, &s, &argc, argv);

	if (!status)
		status = check(&s, argc, argv);
	if (!status) {
		environment_now(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ");
		r.started = strdup(started);
		r.tool_version = strdup(SUITE_VERSION);
		r.repeat = s.plan.repeat;
		status = measure(self, &s, &r);
	}
	result_free(&r);
	return status;
}

COMMAND(command) = {
	.order = 40,
	.summary = "run any command and attribute VM exits to it",
	.run = exec,
	.line = { .name = "exec",
		  .synopsis = "[OPTION...] -- COMMAND [ARGUMENT...]",
		  .about = "Run a command and print the VM exits that it causes, by reason. The "
			   "command keeps its standard input, output and exit status (128 + N "
			   "when signal N ended it); suite itself writes to standard error.",
		  .notes = "Exit status of suite itself: 2 usage; 3 environment; 126 the "
			   "command cannot be started; 127 it does not exist. Cost: two "
			   "readings per window, subtracted exactly.",
		  .option = options,
		  .operands = ":commands",
		  .in_order = true },
};
