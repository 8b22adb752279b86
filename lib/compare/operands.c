// SPDX-License-Identifier: MIT
#include "compare/operands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int operands_add_file(struct compare_operands *o, const char *path)
{
	const char **longer = reallocarray(o->file, o->files + 1, sizeof(*longer));

	if (!longer)
		return -ENOMEM;
	o->file = longer;
	longer[o->files++] = path;
	return 0;
}

static struct compare_operand *make(struct compare_operands *o, const char *name)
{
	struct compare_operand *longer = reallocarray(o->operand, o->operands + 1, sizeof(*longer));

	if (!longer)
		return NULL;
	o->operand = longer;
	longer[o->operands] = (struct compare_operand){ .name = name };
	return &longer[o->operands++];
}

struct compare_operand *operands_new(struct compare_operands *o)
{
	return make(o, NULL);
}

int operand_add(struct compare_operand *side, size_t file)
{
	size_t *longer = reallocarray(side->at, side->files + 1, sizeof(*longer));

	if (!longer)
		return -ENOMEM;
	side->at = longer;
	longer[side->files++] = file;
	return 0;
}

int operands_add(struct compare_operands *o, const char *side, size_t file)
{
	struct compare_operand *at = NULL;
	size_t i;

	for (i = 0; i < o->operands && !at; i++)
		if (side && o->operand[i].name && !strcmp(o->operand[i].name, side))
			at = &o->operand[i];
	if (!at)
		at = make(o, side);
	return at ? operand_add(at, file) : -ENOMEM;
}

int operands_keep(struct compare_operands *o, char *text)
{
	char **longer = reallocarray(o->own, o->owned + 1, sizeof(*longer));

	if (!longer) {
		free(text);
		return -ENOMEM;
	}
	o->own = longer;
	longer[o->owned++] = text;
	return 0;
}

void operands_free(struct compare_operands *o)
{
	size_t i;

	for (i = 0; i < o->operands; i++)
		free(o->operand[i].at);
	for (i = 0; i < o->owned; i++)
		free(o->own[i]);
	free(o->own);
	free(o->operand);
	free(o->file);
}
