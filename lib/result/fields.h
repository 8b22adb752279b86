/* SPDX-License-Identifier: MIT */
/*
 * Typed access to a JSON document that somebody else wrote. The first thing that is wrong is kept
 * with its place, everything after it is quiet: a reader asks for all its fields and checks once.
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
	int error; /* negative errno, 0 while all is well */
	struct {
		const char *key;
		uint32_t code;
	} reason[512]; /* keys of reasons that were parsed, by hash: they come by the thousand */
	char path[96]; /* of the object that is read: "workloads[3].samples[0]" */
	size_t length;
};

/* "FILE: TEXT: what to do". The first call wins. */
void fields_fail(struct fields *f, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Something is wrong with one key of the object that is read. */
void fields_wrong(struct fields *f, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Name the object that is read from here on; leave with what enter returned. */
size_t fields_enter(struct fields *f, const char *name);
size_t fields_enter_index(struct fields *f, const char *name, size_t index);
void fields_leave(struct fields *f, size_t mark);

enum fields_need { OPTIONAL, REQUIRED };

/* NULL when absent or wrong. Borrowed. */
struct value *fields_object(struct fields *f, struct value *in, const char *key,
			    enum fields_need need);
struct value *fields_array(struct fields *f, struct value *in, const char *key,
			   enum fields_need need);
/* To free(); NULL when absent or wrong. */
char *fields_text(struct fields *f, struct value *in, const char *key, enum fields_need need);
/* 0 or false when absent or wrong. */
uint64_t fields_whole(struct fields *f, struct value *in, const char *key, uint64_t max,
		      enum fields_need need);
/* The value of a member itself, which must be a whole number from 0 to INT64_MAX. */
uint64_t fields_count(struct fields *f, const struct value *v);
bool fields_bool(struct fields *f, struct value *in, const char *key, enum fields_need need);
/* `absent` when absent or wrong. */
double fields_number(struct fields *f, struct value *in, const char *key, double absent);
/* Which of the texts name(0), name(1), ... up to n: its index; 0 when absent or wrong. */
int fields_choice(struct fields *f, struct value *in, const char *key, const char *(*name)(int),
		  int n, enum fields_need need);

#endif
