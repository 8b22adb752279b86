/* SPDX-License-Identifier: MIT */
/*
 * Subcommands: one file each in lib/cmd/, which registers itself by COMMAND(). A command parses its
 * options, calls the room that does the work, and turns what comes back into an exit status.
 */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/message.h"
#include "base/options.h"
#include "base/status.h"

struct command {
	unsigned int order;  /* place in the list of commands, ascending */
	const char *summary; /* one line */
	bool plumbing;       /* used by scripts, not shown in the list */
	struct option_table line;
	/* argv[0] is the command's name. Returns an exit status. */
	int (*run)(const struct command *self, int argc, char **argv);
};

/* A pointer in a section of its own; commands.c finds them by the linker's __start_ and __stop_
 * symbols. */
#define COMMAND(id)                                                       \
	static const struct command id;                                   \
	static const struct command *const id##_entry                     \
		__attribute__((used, retain, section("commands"))) = &id; \
	static const struct command id

/* In their order, NULL past the last. */
const struct command *command_at(size_t i);
const struct command *command_find(const char *name);

/* options_parse() with the command's table, and one line on stderr when that fails. Returns
 * EXIT_DONE, then argc and argv are the operands; else the exit status to end with. */
int command_options(const struct command *c, void *settings, int *argc, char **argv);

/* What a room returned, as an exit status: EXIT_DONE for 0; else one line on stderr, EXIT_USAGE for
 * -EINVAL with its message, EXIT_ENVIRONMENT for other errors. */
int command_status(const struct command *c, int ret, const char *message);

/* What write() makes of context, to the file `path`, whole or not at all; "-" is standard output.
 * write() returns 0 or -ENOMEM. Returns EXIT_DONE, or EXIT_ENVIRONMENT after one line on stderr. */
int command_output(const struct command *c, const char *path,
		   int (*write)(const void *context, FILE *out), const void *context);

/* --color WHEN into an enum colour_when, which 0 makes COLOUR_AUTO. */
enum colour_when { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };
extern const struct choice colour_choices[];
#define COLOR_OPTION(settings, member)                                                   \
	{                                                                                \
		"color", .type = OPTION_CHOICE, .metavar = "WHEN",                       \
			 .help = "auto, always or never (default auto: on a terminal, "  \
				 "unless NO_COLOR is set)",                              \
			 OPTION_AT(settings, member), .choices = CHOICES(colour_choices) \
	}
/* Should output to `f` be coloured? auto honours NO_COLOR. */
bool colour_wanted(FILE *f, enum colour_when when);

/* --fact NAME=TEXT; the member is a pointer to the struct result that gets it. */
option_call take_fact;
#define LABEL_OPTION(settings, member)                                               \
	{                                                                            \
		"fact", .type = OPTION_PAIR, .metavar = "NAME=TEXT",                 \
			.help = "record a label that the guest cannot see, such as " \
				"accelerator=kvm; may be repeated",                  \
			OPTION_AT(settings, member), .call = take_fact               \
	}

#endif
