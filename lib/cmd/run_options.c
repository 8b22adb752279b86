// SPDX-License-Identifier: MIT
#include "cmd/run_options.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "catalog/catalog.h"
#include "workload.h"

/* Devices are facts of the run; whether they can be used is the workload's to say. */
static int take_device(void *target, const struct option_def *o, const char *text, char *message,
		       size_t size)
{
	struct run_settings *s = target;

	if (!*text) {
		snprintf(message, size, "--%s names nothing", o->name);
		return -EINVAL;
	}
	if (*o->name == 'd')
		s->o.disk = text;
	else if (*o->name == 's')
		s->o.serial = text;
	else
		s->o.net = text;
	return result_add_label(s->result, o->name, "%s", text) ? -ENOMEM : 0;
}

static int take_setting(void *target, const struct option_def *o, const char *text, char *message,
			size_t size)
{
	struct run_settings *s = target;
	int ret = parameter_set(&s->setting, &s->o.settings, text, message, size);

	(void)o;
	s->o.setting = s->setting;
	return ret;
}

static int take_vcpus(void *target, const struct option_def *o, const char *text, char *message,
		      size_t size)
{
	long long value = CPU_SETSIZE;

	if (strcmp(text, "all") != 0 && parse_number(text, 1, CPU_SETSIZE - 1, &value)) {
		snprintf(message, size, "--%s '%s' is not a whole number from 1 to %d, or all",
			 o->name, text, CPU_SETSIZE - 1);
		return -EINVAL;
	}
	*(size_t *)target = (size_t)value;
	return 0;
}

static const struct choice progress_choices[] = {
	[PROGRESS_AUTO] = { .name = "auto" },
	[PROGRESS_PLAIN] = { .name = "plain" },
	[PROGRESS_NONE] = { .name = "none" },
	{ .name = NULL },
};

#define AT(member) OPTION_AT(struct run_settings, member)
#define WHOLE .offset = 0 /* the target is all settings */

const struct option_def run_options[] = {
	{ "repeat", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "randomised blocks, each with every workload once (default 5)", AT(o.repeat),
	  .min = 1, .max = 10000 },
	{ "seed", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "order of everything; the same seed gives the same order (default: random)",
	  AT(o.seed), .min = 0, .max = INT64_MAX },
	{ "precision", .type = OPTION_REAL, .metavar = "P",
	  .help = "size the samples so that the half-width of an interval is P % or P/100 exits "
		  "per operation, whichever is larger (default 1)",
	  AT(o.precision), .low = 0.01, .high = 100, .unit = "percent" },
	{ "budget", .type = OPTION_REAL, .metavar = "SECONDS",
	  .help = "time budget of all samples together, which limits the precision (default 4 "
		  "for each workload)",
	  AT(o.budget), .low = 0.1, .high = 604800, .unit = "seconds" },
	{ "time", .type = OPTION_REAL, .metavar = "SECONDS",
	  .help = "time budget of one workload per block; overrides --precision and --budget",
	  AT(o.time), .low = 0.001, .high = 3600, .unit = "seconds" },
	{ "ops", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "operations of the smallest sample; overrides --time", AT(o.ops), .min = 1,
	  .max = 1000000000000 },
	{ "warmup", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "windows of each workload that are discarded in each block (default 1)",
	  AT(o.warmup), .min = 0, .max = 1000 },
	{ "set", .type = OPTION_CALL, .metavar = "WORKLOAD.PARAMETER=VALUE",
	  .help = "set a parameter; may be repeated; 'suite list -v' shows the parameters. "
		  "VALUE,VALUE...: run one variant of the workload for each",
	  WHOLE, .call = take_setting, .values = ":parameters" },
	{ "cpu", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "CPU to run on (default: the last one allowed)", AT(o.cpu), .min = 0,
	  .max = CPU_SETSIZE - 1 },
	{ "vcpus", .type = OPTION_CALL, .metavar = "N|all",
	  .help = "run each workload on N CPUs at once, one process each", AT(o.vcpus),
	  .call = take_vcpus, .values = "all" },
	{ "disk", .type = OPTION_CALL, .metavar = "DEVICE",
	  .help = "block device for io.* and fio.*: its content is OVERWRITTEN", WHOLE,
	  .call = take_device, .values = ":files" },
	{ "serial", .type = OPTION_CALL, .metavar = "DEVICE",
	  .help = "serial line for io.serial: bytes are sent on it", WHOLE, .call = take_device,
	  .values = ":files" },
	{ "net", .type = OPTION_CALL, .metavar = "INTERFACE",
	  .help = "network interface for net.*: packets are sent on it", WHOLE,
	  .call = take_device },
	{ "timeout", .type = OPTION_REAL, .metavar = "SECONDS",
	  .help = "a sample that takes longer fails its workload (default 60)", AT(o.timeout),
	  .low = 1, .high = 86400, .unit = "seconds" },
	{ "warm-memory", .help = "touch all free guest memory once before measuring",
	  AT(o.warm_memory) },
	LABEL_OPTION(struct run_settings, result),
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "result file (default results/run-DATE-TIME.json); - is standard output, and no "
		  "report is printed",
	  AT(output), .values = ":files" },
	{ "require-exits", .help = "fail with status 3 when there are no exit counters to read",
	  AT(require_exits) },
	{ "strict", .help = "status 1 when a workload's exits are not as expected", AT(strict) },
	{ "aa",
	  .help = "measure the same thing twice (2 x --repeat blocks); status 1 when the halves "
		  "do not compare as equal",
	  AT(aa) },
	{ "progress", .type = OPTION_CHOICE, .metavar = "WHEN",
	  .help = "auto (default), plain (one line per step) or none", AT(progress),
	  .choices = CHOICES(progress_choices) },
	COLOR_OPTION(struct run_settings, color),
	{ .name = NULL },
};

int run_choose(const struct command *self, struct run_settings *s, int argc, char **argv)
{
	char message[512];
	int i, ret;

	s->o.repeat *= s->aa ? 2 : 1;
	s->chosen = registry_choice();
	if (!s->chosen)
		return command_status(self, -ENOMEM, NULL);
	if (!argc)
		return complain(EXIT_USAGE,
				"run: which workload? 'suite list' shows them; 'all' selects all");
	for (i = 0; i < argc; i++)
		if (!registry_select(argv[i], s->chosen))
			return complain(EXIT_USAGE,
					"run: no workload matches '%s'; 'suite list' shows all",
					argv[i]);
	ret = settings_check(s->setting, s->o.settings, s->chosen, message, sizeof(message));
	if (!ret)
		ret = sweep_choose(&s->setting, &s->o.settings, s->chosen);
	s->o.setting = s->setting;
	registry_select("null", s->chosen);
	registry_select("spin", s->chosen);
	return command_status(self, ret, ret == -EINVAL ? message : strerror(-ret));
}
