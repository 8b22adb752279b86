/* SPDX-License-Identifier: MIT */
/*
 * Typed access to an untrusted JSON document. The first error is kept with its place, later ones
 * are ignored: a reader asks for all its fields and checks once.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "value.h"

struct fields {
	const char *file;
	char *message; /* of the first error */
	size_t size;
	int error; /* negative errno, 0: none so far */
	struct {
		const char *key;
		uint32_t code;
	} reason[512]; /* parsed keys of reasons, by hash: they occur thousands of times */
	char path[96]; /* of the current object: "workloads[3].samples[0]" */
	size_t length;
};

/* "FILE: TEXT: what to do". The first call wins. */
void fields_fail(struct fields *f, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Report an error in one key of the current object. */
void fields_wrong(struct fields *f, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Name the object that becomes current; pass the returned mark to fields_leave(). */
size_t fields_enter(struct fields *f, const char *name);
size_t fields_enter_index(struct fields *f, const char *name, size_t index);
void fields_leave(struct fields *f, size_t mark);

enum fields_need { OPTIONAL, REQUIRED };

/* NULL if absent or invalid. Owned by the document. */
struct value *fields_object(struct fields *f, struct value *in, const char *key,
			    enum fields_need need);
struct value *fields_array(struct fields *f, struct value *in, const char *key,
			   enum fields_need need);
/* To free(); NULL if absent or invalid. */
char *fields_text(struct fields *f, struct value *in, const char *key, enum fields_need need);
/* 0 or false if absent or invalid. */
uint64_t fields_whole(struct fields *f, struct value *in, const char *key, uint64_t max,
		      enum fields_need need);
/* The value of a member itself, which must be a whole number from 0 to INT64_MAX. */
uint64_t fields_count(struct fields *f, const struct value *v);
bool fields_bool(struct fields *f, struct value *in, const char *key, enum fields_need need);
/* `absent` if absent or invalid. */
double fields_number(struct fields *f, struct value *in, const char *key, double absent);
/* The index of the value among name(0), ... name(n - 1); 0 if absent or invalid. */
int fields_choice(struct fields *f, struct value *in, const char *key, const char *(*name)(int),
		  int n, enum fields_need need);

#endif
