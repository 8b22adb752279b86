// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/interrupt.h"
#include "catalog/catalog.h"
#include "cmd/cmd.h"
#include "cmd/run_options.h"
#include "compare/halves.h"
#include "guest/guest.h"
#include "report/compare_formats.h"
#include "report/report.h"
#include "run/cpus.h"
#include "run/window.h"

static int default_output(char *path, size_t size)
{
	char name[64];

	if (mkdir("results", 0777) && errno != EEXIST)
		return complain(EXIT_ENVIRONMENT,
				"run: the folder 'results' cannot be made here: %s; give -o FILE",
				strerror(errno));
	environment_now(name, sizeof(name), "%Y%m%d-%H%M%S");
	snprintf(path, size, "results/run-%s.json", name);
	return EXIT_DONE;
}

static int verdict(const struct run_settings *s, const struct result *r)
{
	size_t i, skipped = 0, chosen = 0;
	int status = EXIT_DONE;

	for (i = 0; i < r->workloads; i++) {
		if (!strcmp(r->workload[i].name, "null") || !strcmp(r->workload[i].name, "spin"))
			continue;
		chosen++;
		if (r->workload[i].status == RESULT_FAILED)
			status = EXIT_FAILED;
		skipped += r->workload[i].status == RESULT_SKIPPED;
	}
	if (!status && chosen && skipped == chosen)
		return EXIT_SKIPPED;
	if (!status && s->strict && report_unexpected(r))
		return EXIT_FINDING;
	return status;
}

static int judge(const struct halves *h)
{
	if (!h->differ)
		return complain(EXIT_DONE, "--aa: the two halves compare as equal in all %zu rows",
				h->tested);
	return complain(EXIT_FINDING,
			"--aa: %zu of %zu rows differ between two equal halves, the first of %s: "
			"this machine is not steady enough to compare runs; end other work on it, "
			"or increase --repeat and --time",
			h->differ, h->tested, h->first_differing);
}

/* Both halves of the repeats, which must compare as equal. */
static int show_halves(const struct command *self, const struct result *r, FILE *out, bool colour)
{
	struct comparison all = { 0 };
	struct halves h;
	int ret = halves_compare(&h, r), status;

	ret = ret ? ret : comparison_make(&all, &h.compare, 1, NULL);
	status = command_status(self, ret, NULL);
	if (!status) {
		fputs("\nA/A: the first half of the repeats against the second\n\n", out);
		compare_text(&all, out, colour);
		fflush(out);
		status = judge(&h);
	}
	comparison_free(&all);
	halves_free(&h);
	return status;
}

/* Not inlined: while workloads run, its frame does not exist yet. */
__attribute__((noinline)) static int deliver(const struct command *self,
					     const struct run_settings *s, const struct result *r,
					     int ret)
{
	const bool to_stdout = !strcmp(s->output, "-");
	char message[512];
	int failed, status;

	progress_clear(&s->o);
	failed = result_write(r, s->output, message, sizeof(message));
	if (failed)
		complain(EXIT_ENVIRONMENT, "run: %s", message);
	if (!to_stdout) {
		report_text(r, stdout, colour_wanted(stdout, s->color));
		fflush(stdout);
		if (!failed)
			complain(0, "%s is in %s", r->complete ? "the result" : "a partial result",
				 s->output);
	}
	if (ret == -EINTR)
		return complain(EXIT_INTERRUPTED, "run: interrupted");
	if (ret)
		return complain(EXIT_ENVIRONMENT, "run: %s", strerror(-ret));
	if (failed)
		return EXIT_ENVIRONMENT;
	status = verdict(s, r);
	return status || !s->aa ? status
				: show_halves(self, r, to_stdout ? stderr : stdout,
					      colour_wanted(stdout, s->color));
}

/* Counters and labels, before anything is measured. */
static int prepare(const struct command *self, const struct run_settings *s, struct result *r,
		   struct exitprobe *probe)
{
	if (exitprobe_open(probe, NULL)) {
		if (s->require_exits)
			return complain(EXIT_ENVIRONMENT, "run: no exit counters: %s", probe->why);
		complain(0, "exits are not available, time only: %s", probe->why);
	}
	if (environment_probe(r, probe) || environment_describe(r, probe))
		return command_status(self, -ENOMEM, NULL);
	if (s->o.vcpus > 1 && result_add_label(r, "vcpus_at_once", "%zu", s->o.vcpus))
		return command_status(self, -ENOMEM, NULL);
	return EXIT_DONE;
}

static int measure(const struct command *self, struct run_settings *s, struct result *r)
{
	char path[128], message[512];
	const struct workload **list;
	struct exitprobe probe;
	size_t n;
	int status;

	status = command_status(self, run_cpus(&s->o, s->cpus, message, sizeof(message)), message);
	if (!status && !s->output) {
		status = default_output(path, sizeof(path));
		s->output = path;
	}
	if (!status && result_writable(s->output, message, sizeof(message)))
		status = command_status(self, -EIO, message);
	if (!status)
		status = prepare(self, s, r, &probe);
	if (status)
		return status;
	list = registry_chosen(s->chosen, &n);
	if (!list)
		return command_status(self, -ENOMEM, NULL);
	progress_show(&s->o, s->progress);
	signals_catch();
	status = deliver(self, s, r, run_all(r, &probe, list, n, &s->o));
	free(list);
	return status;
}

static void choose_seed(struct options *o)
{
	if (getrandom(&o->seed, sizeof(o->seed), GRND_NONBLOCK) != sizeof(o->seed))
		o->seed = tsc_read();
	o->seed >>= 32; /* short enough to type again */
}

static int run(const struct command *self, int argc, char **argv)
{
	/* Not on the stack, of which children of the workloads get every page that is in use. */
	struct run_settings *s;
	struct result r = { .major = RESULT_MAJOR, .minor = RESULT_MINOR };
	char started[32];
	int status;

	layout_fix(argc, argv);
	s = calloc(1, sizeof(*s));
	if (!s)
		return command_status(self, -ENOMEM, NULL);
	s->o = (struct options){
		.repeat = 5, .precision = 1, .warmup = 1, .cpu = -1, .timeout = 60
	};
	s->result = &r;
	choose_seed(&s->o);
	environment_now(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ");
	r.started = strdup(started);
	r.tool_version = strdup(SUITE_VERSION);
	status = command_options(self, s, &argc, argv);
	if (!status)
		status = run_choose(self, s, argc, argv);
	if (!status) {
		r.seed = s->o.seed;
		r.repeat = s->o.repeat;
		status = measure(self, s, &r);
	}
	free(s->chosen);
	free(s->setting);
	free(s);
	result_free(&r);
	return status;
}

COMMAND(command) = {
	.order = 20,
	.summary = "run workloads and attribute VM exits to them",
	.run = run,
	.line = { .name = "run",
		  .synopsis = "WORKLOAD... [OPTION...]",
		  .about = "Run workloads and print, for each, the VM exits that one operation "
			   "causes, by reason, alongside what is expected. WORKLOAD: a name "
			   "(cr3.pipe), a family (cr3), a shell pattern, or all; "
			   "stress-ng.STRESSOR and fio.FILE.fio run these programs and are not "
			   "part of all. The noise floor (null) and the background (spin) are "
			   "always measured too. 'suite list' shows the workloads.",
		  .option = run_options,
		  .operands = ":workloads" },
};
