// SPDX-License-Identifier: MIT
#include "value.h"

#include <stdlib.h>
#include <string.h>

/* 1,024 values of 48 bytes: a sample has about 30. */
#define BLOCK 1024

struct value_block {
	struct value_block *next;
	size_t used;
	struct value value[BLOCK];
};

struct value *document_value(struct document *d)
{
	struct value_block *b = d->block;
	struct value *v;

	if (!b || b->used == BLOCK) {
		b = malloc(sizeof(*b));
		if (!b)
			return NULL;
		b->used = 0;
		b->next = d->block;
		d->block = b;
	}
	v = &b->value[b->used++];
	memset(v, 0, sizeof(*v));
	return v;
}

void document_free(struct document *d)
{
	struct value_block *b = d->block, *next;

	for (; b; b = next) {
		next = b->next;
		free(b);
	}
	*d = (struct document){ 0 };
}

/* FNV-1a */
uint32_t value_hash(const char *key, size_t length)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)key[i]) * 16777619u;
	return hash;
}

struct value *value_get(struct value *object, const char *key)
{
	struct value *at;
	uint32_t i;

	if (!object || object->type != VALUE_OBJECT || !object->first)
		return NULL;
	at = object->cursor ? object->cursor : object->first;
	for (i = 0; i < object->count; i++) {
		if (!strcmp(at->key, key)) {
			object->cursor = at->next;
			return at;
		}
		at = at->next ? at->next : object->first;
	}
	return NULL;
}

struct value *value_first(const struct value *v)
{
	return v && v->type >= VALUE_ARRAY ? v->first : NULL;
}
