// SPDX-License-Identifier: MIT
/* The commands that registered themselves. */
#include <string.h>

#include "cmd/cmd.h"

/* Bounds of the linker section that COMMAND() fills. */
extern const struct command *const __start_commands[];
extern const struct command *const __stop_commands[];

/* The next one above `order`, which is unique. */
static const struct command *after(unsigned int order)
{
	const struct command *const *c, *found = NULL;

	for (c = __start_commands; c < __stop_commands; c++)
		if ((*c)->order > order && (!found || (*c)->order < found->order))
			found = *c;
	return found;
}

const struct command *command_at(size_t i)
{
	const struct command *c = after(0);

	for (; c && i; i--)
		c = after(c->order);
	return c;
}

const struct command *command_find(const char *name)
{
	const struct command *c;
	size_t i;

	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	for (i = 0; (c = command_at(i)) && strcmp(c->line.name, name) != 0; i++)
		;
	return c;
}
