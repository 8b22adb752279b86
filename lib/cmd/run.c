// SPDX-License-Identifier: MIT
#include <getopt.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "catalog/catalog.h"
#include "cmd/cmd.h"
#include "cmd/run_options.h"
#include "guest/guest.h"
#include "report/report.h"
#include "result/result.h"
#include "run/run.h"
#include "run/window.h"
#include "workload.h"

static const struct workload **selection(struct run_settings *s)
{
	const struct workload *const *all;
	const struct workload **list;
	size_t i, n = registry_all(&all);

	registry_select("null", s->chosen);
	registry_select("spin", s->chosen);
	list = calloc(n ? n : 1, sizeof(*list));
	for (i = 0; list && i < n; i++)
		if (s->chosen[i])
			list[s->count++] = all[i];
	return list;
}

/* The last CPU that we may use: the first one takes most interrupts. With --vcpus the next ones
 * before it, too. */
static int choose_cpu(struct run_settings *s)
{
	struct options *o = &s->o;
	cpu_set_t set;
	size_t n = 0;
	int i;

	if (sched_getaffinity(0, sizeof(set), &set))
		return complain(EXIT_ENVIRONMENT, "run: the CPUs that may be used cannot be read");
	if (o->cpu >= 0 && !CPU_ISSET(o->cpu, &set))
		return complain(EXIT_USAGE, "run: --cpu %d is not online or not allowed here",
				o->cpu);
	for (i = CPU_SETSIZE - 1; i >= 0 && o->cpu < 0; i--)
		if (CPU_ISSET(i, &set))
			o->cpu = i;
	s->cpus[n++] = o->cpu;
	for (i = CPU_SETSIZE - 1; i >= 0 && n < o->vcpus; i--)
		if (CPU_ISSET(i, &set) && i != o->cpu)
			s->cpus[n++] = i;
	if (o->vcpus < CPU_SETSIZE && n < o->vcpus)
		return complain(EXIT_USAGE, "run: --vcpus %zu, but only %zu CPU%s may be used here",
				o->vcpus, n, n == 1 ? "" : "s");
	o->vcpus = n;
	o->cpus = s->cpus;
	return EXIT_DONE;
}

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

static void draw_line(void *context, const char *workload, uint32_t repeat, size_t done,
		      size_t total, double left)
{
	const char *plain = context ? "" : "\r\033[K", *end = context ? "\n" : "";

	if (!total)
		fprintf(stderr, "%ssizing %s%s", plain, workload, end);
	else
		fprintf(stderr, "%s%s repeat %u, sample %zu of %zu, about %.0f s left%s", plain,
			workload, repeat + 1, done, total, ceil(left), end);
	fflush(stderr);
	/* A serial console sends by interrupts: what is queued would exit inside the next window.
	 */
	tcdrain(STDERR_FILENO);
}

static void choose_progress(struct run_settings *s)
{
	bool terminal = isatty(STDERR_FILENO);

	if (!strcmp(s->progress, "none") || (!strcmp(s->progress, "auto") && !terminal))
		return;
	s->o.progress = draw_line;
	s->o.context = strcmp(s->progress, "plain") ? NULL : s;
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

static int deliver(const struct run_settings *s, const struct result *r, int ret)
{
	char message[512];
	int failed;

	if (s->o.progress && !s->o.context)
		fputs("\r\033[K", stderr);
	failed = result_write(r, s->output, message, sizeof(message));
	if (failed)
		complain(EXIT_ENVIRONMENT, "run: %s", message);
	if (strcmp(s->output, "-")) {
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
	failed = verdict(s, r);
	return failed || !s->aa ? failed
				: run_aa(r, strcmp(s->output, "-") ? stdout : stderr,
					 colour_wanted(stdout, s->color));
}

static int run(struct run_settings *s, struct result *r, const struct workload *const *list)
{
	char path[128], message[512];
	struct exitprobe probe;
	int status, ret;

	status = choose_cpu(s);
	if (!status && !s->output) {
		status = default_output(path, sizeof(path));
		s->output = path;
	}
	if (status)
		return status;
	if (result_writable(s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "run: %s", message);
	if (exitprobe_open(&probe, NULL)) {
		if (s->require_exits)
			return complain(EXIT_ENVIRONMENT, "run: no exit counters: %s", probe.why);
		complain(0, "exits are not available, time only: %s", probe.why);
	}
	if (environment_probe(r, &probe) || environment_describe(r, &probe))
		return complain(EXIT_ENVIRONMENT, "run: out of memory");
	if (s->o.vcpus > 1 && result_add_label(r, "vcpus_at_once", "%zu", s->o.vcpus))
		return complain(EXIT_ENVIRONMENT, "run: out of memory");
	choose_progress(s);
	signals_catch();
	ret = run_all(r, &probe, list, s->count, &s->o);
	return deliver(s, r, ret);
}

int cmd_run(int argc, char **argv)
{
	/* Not on the stack, of which children of the workloads get every page that is in use. */
	struct run_settings *s;
	struct result r = { .major = RESULT_MAJOR, .minor = RESULT_MINOR };
	const struct workload **list = NULL;
	char started[32];
	int status;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(run_usage, stdout);
		return EXIT_DONE;
	}
	layout_fix(argc, argv);
	s = calloc(1, sizeof(*s));
	if (!s)
		return complain(EXIT_ENVIRONMENT, "run: out of memory");
	s->o = (struct options){
		.repeat = 5, .precision = 1, .warmup = 1, .cpu = -1, .timeout = 60
	};
	s->color = "auto";
	s->progress = "auto";
	if (getrandom(&s->o.seed, sizeof(s->o.seed), GRND_NONBLOCK) != sizeof(s->o.seed))
		s->o.seed = tsc_read();
	s->o.seed >>= 32; /* short enough to type again */
	s->chosen = registry_choice();
	environment_now(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ");
	r.started = strdup(started);
	r.tool_version = strdup(SUITE_VERSION);
	status = !s->chosen ? complain(EXIT_ENVIRONMENT, "run: out of memory")
			    : run_parse(s, &r, argc, argv);
	r.seed = s->o.seed;
	s->o.repeat *= s->aa ? 2 : 1;
	r.repeat = s->o.repeat;
	if (!status) {
		list = selection(s);
		status = list ? run(s, &r, list) : complain(EXIT_ENVIRONMENT, "run: out of memory");
	}
	free(list);
	free(s->chosen);
	free(s->setting);
	free(s);
	result_free(&r);
	return status;
}
