// SPDX-License-Identifier: MIT
/* Attribute VM exits to any command, as perf stat attributes events. */
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "cmd/cmd.h"
#include "cmd/exec_options.h"
#include "guest/guest.h"
#include "result/output.h"

enum { EXIT_NOT_RUN = 126, EXIT_NOT_THERE = 127 };

static int print(const struct exec_settings *s, const struct exec_table *t, FILE *out)
{
	switch (s->form) {
	case EXEC_JSON:
		return exec_json(t, out);
	case EXEC_CSV:
		return exec_csv(t, out);
	default:
		exec_text(t, out);
		return 0;
	}
}

static int show(const struct exec_settings *s, const struct exec *x)
{
	char message[512];
	struct exec_table t;
	struct output o;
	int ret, status = EXIT_DONE;

	ret = exec_table(&t, x);
	if (ret) {
		status = complain(EXIT_ENVIRONMENT, "exec: %s", strerror(-ret));
	} else if (!s->to) {
		ret = print(s, &t, stderr);
	} else if (output_open(&o, s->to, message, sizeof(message))) {
		status = complain(EXIT_ENVIRONMENT, "exec: %s", message);
	} else {
		ret = print(s, &t, o.file);
		if (output_commit(&o, s->to, message, sizeof(message)))
			status = complain(EXIT_ENVIRONMENT, "exec: %s", message);
	}
	exec_table_free(&t);
	return status;
}

/* The command's own status; of several runs, that of the last one that did not end well. */
static int passed_on(const struct exec *x)
{
	int status = EXIT_DONE, last;
	uint32_t i;

	for (i = 0; i < x->done; i++) {
		last = exec_status(x->times[i].status);
		status = last ? last : status;
	}
	return status || !interrupted ? status : 128 + (int)interrupted;
}

static int deliver(const struct exec_settings *s, struct exec *x, int ret)
{
	char message[512];
	int status = EXIT_DONE;

	if (x->error)
		return complain(x->error == ENOENT ? EXIT_NOT_THERE : EXIT_NOT_RUN,
				"exec: '%s' cannot be run: %s", s->plan.argv[0],
				strerror(x->error));
	if (ret)
		return complain(EXIT_ENVIRONMENT, "exec: %s", strerror(-ret));
	if (x->done)
		status = show(s, x);
	if (s->output && result_write(x->r, s->output, message, sizeof(message)))
		status = complain(EXIT_ENVIRONMENT, "exec: %s", message);
	else if (s->output)
		complain(0, "exec: %s is in %s", x->r->complete ? "the result" : "a partial result",
			 s->output);
	return passed_on(x) ? passed_on(x) : status;
}

/* The command line as a fact: what two files with the same name may differ in. */
static int describe_command(struct result *r, char **argv)
{
	char text[256] = "";
	size_t length = 0;

	for (; *argv && length < sizeof(text); argv++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
					   length ? " " : "", *argv);
	return result_add_label(r, "command", "%s", text);
}

static int run(struct exec_settings *s, struct result *r)
{
	struct exec x = { .plan = &s->plan, .r = r };
	struct exitprobe probe;
	char message[512];
	int status;

	if (s->output && result_writable(s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "exec: %s", message);
	if (exitprobe_open(&probe, NULL)) {
		if (s->require_exits)
			return complain(EXIT_ENVIRONMENT, "exec: no exit counters: %s", probe.why);
		complain(0, "exec: exits are not available, time only: %s", probe.why);
	}
	x.win.probe = &probe;
	x.times = calloc(s->plan.repeat, sizeof(*x.times));
	if (!x.times || environment_probe(r, &probe) || environment_describe(r, &probe) ||
	    describe_command(r, s->plan.argv))
		status = complain(EXIT_ENVIRONMENT, "exec: out of memory");
	else
		status = deliver(s, &x, exec_measure(&x));
	free(x.times);
	return status;
}

int cmd_exec(int argc, char **argv)
{
	struct exec_settings s = {
		.plan = { .name = "exec", .ops = 1, .repeat = 1, .background = -1 }
	};
	struct result r = { .major = RESULT_MAJOR, .minor = RESULT_MINOR };
	char started[32];
	int status;

	status = exec_parse(&s, &r, argc, argv);
	if (status < 0)
		fputs(exec_usage, stdout);
	environment_now(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ");
	r.started = strdup(started);
	r.tool_version = strdup(SUITE_VERSION);
	r.repeat = s.plan.repeat;
	if (!status)
		status = run(&s, &r);
	result_free(&r);
	return status < 0 ? EXIT_DONE : status;
}
