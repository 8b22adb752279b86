// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "catalog/catalog.h"
#include "cmd/cmd.h"
#include "cmd/run_options.h"
#include "workload.h"

const char run_usage[] =
	"usage: suite run WORKLOAD... [OPTION...]\n\n"
	"Run workloads and print, for each, the VM exits that one operation causes, by\n"
	"reason, beside what is expected. WORKLOAD: a name (cr3.pipe), a family (cr3), a\n"
	"shell pattern, or all; stress-ng.STRESSOR and fio.FILE.fio run these programs\n"
	"and are not part of all. The noise floor (null) and background (spin) are\n"
	"always measured too. 'suite list' shows the workloads.\n\n"
	"  --repeat N       randomised blocks, each workload once in each (default 5)\n"
	"  --seed N         order of everything; the same seed gives the same order\n"
	"  --precision P    samples of such a size that the interval's half-width is P %\n"
	"                   or P/100 exits per op, whichever is more (default 1)\n"
	"  --budget SECONDS of all samples together; precision ends there\n"
	"                   (default 4 for each workload)\n"
	"  --time SECONDS   of one workload in one block, in place of these two\n"
	"  --ops N          operations of the smallest sample, in place of --time\n"
	"  --warmup N       windows of a workload thrown away in each block (default 1)\n"
	"  --set WORKLOAD.PARAMETER=VALUE\n"
	"                   once for each; 'suite list -v' shows the parameters.\n"
	"                   VALUE,VALUE...: a variant of the workload for each\n"
	"  --cpu N          CPU to run on (default: the last one allowed)\n"
	"  --vcpus N|all    run each workload on so many CPUs at once, one process each\n"
	"  --disk DEVICE    block device for io.*, fio.*: its content is OVERWRITTEN\n"
	"  --serial DEVICE  serial line for io.serial: bytes are sent on it\n"
	"  --net INTERFACE  network interface for net.*: packets are sent on it\n"
	"  --timeout S      a sample that takes longer has failed (default 60)\n"
	"  --warm-memory    use all free guest memory once before measuring\n"
	"  --fact NAME=TEXT record a fact that the guest cannot see (accelerator=kvm)\n"
	"  -o FILE          result file (default results/run-DATE-TIME.json; - is stdout,\n"
	"                   the report is then not printed)\n"
	"  --require-exits  status 3 when there are no exit counters to read\n"
	"  --strict         status 1 when a workload's exits are not as expected\n"
	"  --aa             measure the same thing twice (2 x --repeat blocks); status 1\n"
	"                   when the halves do not compare as equal\n"
	"  --progress WHEN  auto, plain (a line per step) or none\n"
	"  --color WHEN     auto, always or never\n";

enum {
	OPT_AA = 256,
	OPT_BUDGET,
	OPT_COLOR,
	OPT_CPU,
	OPT_DISK,
	OPT_FACT,
	OPT_NET,
	OPT_OPS,
	OPT_PRECISION,
	OPT_PROGRESS,
	OPT_REPEAT,
	OPT_REQUIRE,
	OPT_SEED,
	OPT_SERIAL,
	OPT_SET,
	OPT_STRICT,
	OPT_TIME,
	OPT_TIMEOUT,
	OPT_VCPUS,
	OPT_WARM,
	OPT_WARMUP
};

static const struct option options[] = {
	{ "aa", no_argument, NULL, OPT_AA },
	{ "budget", required_argument, NULL, OPT_BUDGET },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "disk", required_argument, NULL, OPT_DISK },
	{ "fact", required_argument, NULL, OPT_FACT },
	{ "help", no_argument, NULL, 'h' },
	{ "net", required_argument, NULL, OPT_NET },
	{ "ops", required_argument, NULL, OPT_OPS },
	{ "output", required_argument, NULL, 'o' },
	{ "precision", required_argument, NULL, OPT_PRECISION },
	{ "progress", required_argument, NULL, OPT_PROGRESS },
	{ "repeat", required_argument, NULL, OPT_REPEAT },
	{ "require-exits", no_argument, NULL, OPT_REQUIRE },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "serial", required_argument, NULL, OPT_SERIAL },
	{ "set", required_argument, NULL, OPT_SET },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "vcpus", required_argument, NULL, OPT_VCPUS },
	{ "warm-memory", no_argument, NULL, OPT_WARM },
	{ "warmup", required_argument, NULL, OPT_WARMUP },
	{ 0 },
};

static int number(const char *name, const char *text, long long min, long long max,
		  long long *value)
{
	if (!parse_number(text, min, max, value))
		return EXIT_DONE;
	return complain(EXIT_USAGE, "run: --%s '%s' is not a whole number from %lld to %lld", name,
			text, min, max);
}

static int fraction(const char *name, const char *text, double min, double max, const char *unit,
		    double *value)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v >= min && v <= max))
		return complain(EXIT_USAGE, "run: --%s '%s' is not a number of %s from %g to %g",
				name, text, unit, min, max);
	*value = v;
	return EXIT_DONE;
}

static int one_of(const char *name, const char *text, const char *choices)
{
	const char *at = strstr(choices, text);

	if (at && *text && !strchr(text, ' ') && (at == choices || at[-1] == ' ') &&
	    (!at[strlen(text)] || at[strlen(text)] == ' '))
		return EXIT_DONE;
	return complain(EXIT_USAGE, "run: --%s '%s' is not one of: %s", name, text, choices);
}

/* Devices are facts of the run; whether they can be used is the workload's to say. */
static int device(struct result *r, const char *name, const char *text, const char **device)
{
	if (!*text)
		return complain(EXIT_USAGE, "run: --%s names nothing", name);
	*device = text;
	if (result_add_label(r, name, "%s", text))
		return complain(EXIT_ENVIRONMENT, "run: out of memory");
	return EXIT_DONE;
}

static int set(struct run_settings *s, const char *text)
{
	char message[4096];
	int ret = parameter_set(&s->setting, &s->o.settings, text, message, sizeof(message));

	s->o.setting = s->setting;
	if (ret == -EINVAL)
		return complain(EXIT_USAGE, "run: %s", message);
	return ret ? complain(EXIT_ENVIRONMENT, "run: out of memory") : EXIT_DONE;
}

static int option_value(struct run_settings *s, struct result *r, int option, char *text)
{
	long long value;
	int status = EXIT_DONE;

	switch (option) {
	case OPT_COLOR:
		s->color = text;
		return one_of("color", text, "auto always never");
	case OPT_PROGRESS:
		s->progress = text;
		return one_of("progress", text, "auto plain none");
	case OPT_CPU:
		status = number("cpu", text, 0, CPU_SETSIZE - 1, &value);
		s->o.cpu = status ? -1 : (int)value;
		return status;
	case OPT_VCPUS:
		if (!strcmp(text, "all")) {
			s->o.vcpus = CPU_SETSIZE;
			return EXIT_DONE;
		}
		status = number("vcpus", text, 1, CPU_SETSIZE - 1, &value);
		s->o.vcpus = status ? 0 : (size_t)value;
		return status;
	case OPT_OPS:
		status = number("ops", text, 1, 1000000000000, &value);
		s->o.ops = status ? 0 : (uint64_t)value;
		return status;
	case OPT_REPEAT:
		status = number("repeat", text, 1, 10000, &value);
		s->o.repeat = status ? 0 : (uint32_t)value;
		return status;
	case OPT_SEED:
		status = number("seed", text, 0, INT64_MAX, &value);
		s->o.seed = status ? 0 : (uint64_t)value;
		return status;
	case OPT_WARMUP:
		status = number("warmup", text, 0, 1000, &value);
		s->o.warmup = status ? 0 : (uint32_t)value;
		return status;
	case OPT_PRECISION:
		return fraction("precision", text, 0.01, 100, "percent", &s->o.precision);
	case OPT_BUDGET:
		return fraction("budget", text, 0.1, 604800, "seconds", &s->o.budget);
	case OPT_TIME:
		return fraction("time", text, 0.001, 3600, "seconds", &s->o.time);
	case OPT_TIMEOUT:
		return fraction("timeout", text, 1, 86400, "seconds", &s->o.timeout);
	case OPT_DISK:
		return device(r, "disk", text, &s->o.disk);
	case OPT_SERIAL:
		return device(r, "serial", text, &s->o.serial);
	case OPT_NET:
		return device(r, "net", text, &s->o.net);
	case OPT_FACT:
		return take_label("run", r, text);
	case OPT_SET:
		return set(s, text);
	}
	return EXIT_USAGE;
}

/* A parameter of a workload that is not run is a mistake of the command line. */
static int used_settings(const struct run_settings *s)
{
	const struct workload *const *all;
	const struct workload *w;
	size_t i, j, n = registry_all(&all);

	for (i = 0; i < s->o.settings; i++) {
		w = s->setting[i].workload;
		for (j = 0; j < n && all[j] != w; j++)
			;
		if (j < n && !s->chosen[j])
			return complain(EXIT_USAGE,
					"run: --set %s.%s, but %s is not among the workloads of "
					"this run",
					w->name, w->parameter[s->setting[i].parameter].name,
					w->name);
	}
	return EXIT_DONE;
}

int run_parse(struct run_settings *s, struct result *r, int argc, char **argv)
{
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		status = EXIT_DONE;
		switch (option) {
		case 'o':
			s->output = optarg;
			break;
		case OPT_AA:
			s->aa = true;
			break;
		case OPT_REQUIRE:
			s->require_exits = true;
			break;
		case OPT_STRICT:
			s->strict = true;
			break;
		case OPT_WARM:
			s->o.warm_memory = true;
			break;
		case '?':
			return bad_option("run", argc, argv);
		default:
			status = option_value(s, r, option, optarg);
		}
		if (status)
			return status;
	}
	if (optind == argc)
		return complain(EXIT_USAGE,
				"run: which workload? 'suite list' shows them; 'all' is all");
	for (; optind < argc; optind++)
		if (!registry_select(argv[optind], s->chosen))
			return complain(EXIT_USAGE,
					"run: no workload matches '%s'; 'suite list' shows all",
					argv[optind]);
	status = used_settings(s);
	if (!status && sweep_choose(&s->setting, &s->o.settings, s->chosen))
		status = complain(EXIT_ENVIRONMENT, "run: out of memory");
	s->o.setting = s->setting;
	return status;
}
