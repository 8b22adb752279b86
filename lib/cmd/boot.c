// SPDX-License-Identifier: MIT
/* What a boot costs: `mark` at its stations, `show` and `suite compare` afterwards. */
#include <errno.h>
#include <string.h>

#include "boot/boot.h"
#include "cmd/cmd.h"

#define DEFAULT_FILE "/run/suite-boot.json"

struct settings {
	const char *file;
	struct result given, *labels; /* labels alone */
};

static const struct option_def options[] = {
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "the file of marks (default " DEFAULT_FILE ")", OPTION_AT(struct settings, file),
	  .values = ":files" },
	LABEL_OPTION(struct settings, labels),
	{ .name = NULL },
};

static int mark(const struct command *self, const struct settings *s, const char *name)
{
	struct boot_record record = { .file = s->file, .name = name, .labels = s->labels };
	char message[512];
	int ret = boot_record(&record, message, sizeof(message));

	if (*record.moved)
		complain(0, "boot: %s was recorded in another boot and is now %s", s->file,
			 record.moved);
	return command_status(self, ret, message);
}

static int show(const struct command *self, const char *file)
{
	char message[512];
	struct result r;
	int ret = 0;

	if (result_read(&r, file, message, sizeof(message)))
		return command_status(self, -EINVAL, message);
	if (!boot_show(&r, stdout)) {
		ret = -EINVAL;
		snprintf(message, sizeof(message), "%s contains no marks of a boot", file);
	}
	result_free(&r);
	return command_status(self, ret, message);
}

static int dispatch(const struct command *self, const struct settings *s, int argc, char **argv)
{
	const char *verb = argc > 0 ? argv[0] : "";

	if (!strcmp(verb, "mark") && argc == 2)
		return mark(self, s, argv[1]);
	if (!strcmp(verb, "show") && argc <= 2)
		return show(self, argc == 2 ? argv[1] : s->file);
	return complain(EXIT_USAGE,
			"boot: say 'mark NAME' or 'show [FILE]'; see 'suite help boot'");
}

static int boot(const struct command *self, int argc, char **argv)
{
	struct settings s = { .file = DEFAULT_FILE, .labels = &s.given };
	int status = command_options(self, &s, &argc, argv);

	if (!status)
		status = dispatch(self, &s, argc, argv);
	result_free(&s.given);
	return status;
}

COMMAND(command) = {
	.order = 60,
	.summary = "what booting this VM costs, up to marked moments",
	.run = boot,
	.line = { .name = "boot",
		  .synopsis = "mark NAME [OPTION...]\nshow [FILE]",
		  .about = "What booting this VM costs in exits, by reason, up to marked "
			   "moments. 'mark' adds a mark to the file; run it first thing (init=, "
			   "a unit, inittab: suite-boot(1)) and where the boot is done. 'show' "
			   "prints the file. 'suite compare A B' compares two boots by their "
			   "marks.",
		  .notes = "The exits of the mark itself are subtracted. Exit status 3: no "
			   "counters here, with the reason, or the file cannot be written.",
		  .option = options,
		  .verbs = "mark show",
		  .operands = ":files" },
};
