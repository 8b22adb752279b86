// SPDX-License-Identifier: MIT
#include "value.h"

#include <stdlib.h>
#include <string.h>

/* 1,024 values of 48 bytes per chunk; a sample has about 30 values. */
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

/* Hash both ends of the key with murmur3's final mix; colliding keys are compared. */
uint32_t value_hash(const char *key, size_t length)
{
	const size_t part = length < 8 ? length : 8;
	uint64_t head = 0, tail = 0, hash;

	memcpy(&head, key, part);
	memcpy(&tail, key + length - part, part);
	hash = (head ^ length) + 31 * tail;
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	return (uint32_t)(hash ^ hash >> 33);
}

struct value *value_get(struct value *object, const char *key)
{
	struct value *at;
	uint32_t i;

	if (!object || object->type != VALUE_OBJECT || !object->first)
		return NULL;
	at = object->cursor ? object->cursor : object->first;
	for (i = 0; i < object->count; i++) {
		/* Most other keys differ in the first byte. */
		if (*at->key == *key && !strcmp(at->key, key)) {
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
