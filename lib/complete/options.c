// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <string.h>

#include "complete/complete.h"

static size_t until(const char *text, const char *stops, size_t most)
{
	size_t length = strcspn(text, stops);

	return length < most ? length : most;
}

static void copy(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size)
		length = size - 1;
	memcpy(to, from, length);
	to[length] = 0;
}

/*
 * An option and its value at *at, and past it: "--sort ORDER", "--format=FORM", "-o FILE". A value
 * is what follows after one blank and is no option; two blanks begin the description.
 */
static bool take(const char **at, struct complete_option *o)
{
	const char *text = *at;
	size_t length = until(text, " ,=[\n", sizeof(o->name));

	if (*text != '-')
		return false;
	copy(o->name, sizeof(o->name), text, length);
	text += length;
	o->value[0] = 0;
	if ((*text == '=' || *text == ' ') && !strchr(" -\n", text[1])) {
		length = until(text + 1, " ,\n", sizeof(o->value));
		copy(o->value, sizeof(o->value), text + 1, length);
		text += 1 + length;
	}
	*at = text + strspn(text, ", ");
	o->text = *at;
	return true;
}

bool complete_options(const char *help,
		      bool (*each)(const struct complete_option *o, void *context), void *context)
{
	struct complete_option o;
	const char *line, *at;

	for (line = help; line && *line; line = strchr(line, '\n'), line += line != NULL) {
		if (strncmp(line, "  -", 3))
			continue;
		at = line + 2;
		while (take(&at, &o))
			if (each(&o, context))
				return true;
	}
	return false;
}
