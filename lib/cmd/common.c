// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "result/output.h"
#include "result/result.h"

const struct choice colour_choices[] = {
	[COLOUR_AUTO] = { .name = "auto" },
	[COLOUR_ALWAYS] = { .name = "always" },
	[COLOUR_NEVER] = { .name = "never" },
	{ .name = NULL },
};

int command_status(const struct command *c, int ret, const char *message)
{
	if (!ret)
		return EXIT_DONE;
	if (ret == -ENOMEM)
		message = "out of memory";
	return complain(ret == -EINVAL ? EXIT_USAGE : EXIT_ENVIRONMENT, "%s: %s", c->line.name,
			message);
}

int command_options(const struct command *c, void *settings, int *argc, char **argv)
{
	char message[4096];
	int ret = options_parse(&c->line, settings, argc, argv, message, sizeof(message));

	if (ret == OPTIONS_HELP) {
		options_usage(&c->line, "suite", stdout);
		return EXIT_HELPED;
	}
	if (ret == -ENOENT)
		return complain(EXIT_USAGE, "%s: %s; see 'suite help %s'", c->line.name, message,
				c->line.name);
	if (!ret && *argc && !c->line.operands)
		return complain(EXIT_USAGE, "%s: unexpected argument '%s'; see 'suite help %s'",
				c->line.name, *argv, c->line.name);
	return command_status(c, ret, message);
}

int command_output(const struct command *c, const char *path,
		   int (*write)(const void *context, FILE *out), const void *context)
{
	char message[512];
	struct output out;
	int ret;

	if (output_open(&out, path, message, sizeof(message)))
		return command_status(c, -EIO, message);
	ret = write(context, out.file);
	if (ret) {
		output_abandon(&out);
		return command_status(c, ret, strerror(-ret));
	}
	ret = output_commit(&out, path, message, sizeof(message));
	return command_status(c, ret ? -EIO : 0, message);
}

int take_fact(void *target, const struct option_def *o, const char *text, char *message,
	      size_t size)
{
	struct result *r = *(struct result **)target;
	const char *equals = strchr(text, '=');
	char *name = strndup(text, (size_t)(equals - text));
	int ret = name ? result_add_label(r, name, "%s", equals + 1) : -ENOMEM;

	(void)o;
	(void)message;
	(void)size;
	free(name);
	return ret ? -ENOMEM : 0;
}

bool colour_wanted(FILE *f, enum colour_when when)
{
	const char *no_color = getenv("NO_COLOR");

	if (when == COLOUR_ALWAYS)
		return true;
	if (when == COLOUR_NEVER || (no_color && *no_color))
		return false;
	return isatty(fileno(f));
}
