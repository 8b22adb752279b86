// SPDX-License-Identifier: MIT
#include "histograms.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *buckets(const uint64_t *bucket)
{
	json_t *object = json_object();
	char exponent[8];
	int i;

	for (i = 0; i < RESULT_BUCKETS; i++) {
		if (!bucket[i])
			continue;
		snprintf(exponent, sizeof(exponent), "%d", i);
		json_object_set_new(object, exponent, json_integer((json_int_t)bucket[i]));
	}
	return object;
}

json_t *histograms_json(const struct result *r)
{
	json_t *object = json_object(), *one;
	char key[24];
	size_t i;

	for (i = 0; i < r->reasons; i++) {
		one = buckets(r->histogram + i * RESULT_BUCKETS);
		if (json_object_size(one))
			json_object_set(object, exitprobe_key(r->vendor, r->reason[i], key), one);
		json_decref(one);
	}
	return object;
}

static void read_buckets(struct fields *f, struct value *in, uint64_t *bucket)
{
	struct value *value;
	char *end;
	long i;

	for (value = value_first(in); value; value = value->next) {
		i = strtol(value->key, &end, 10);
		if (end == value->key || *end || i < 0 || i >= RESULT_BUCKETS)
			fields_wrong(f, value->key, "is not a power of two from 0 to %d",
				     RESULT_BUCKETS - 1);
		else
			bucket[i] = fields_whole(f, in, value->key, UINT32_MAX, REQUIRED);
	}
}

static void read_reason(struct fields *f, struct result *r, struct value *in)
{
	enum exitprobe_vendor vendor;
	uint32_t code;
	size_t i, mark;

	if (exitprobe_parse_key(in->key, &vendor, &code) || vendor != r->vendor) {
		fields_wrong(f, in->key, "is not an exit reason of vendor %s",
			     exitprobe_vendor_name(r->vendor));
		return;
	}
	for (i = 0; i < r->reasons && r->reason[i] != code; i++)
		;
	/* A reason without a count did not occur in this run. */
	if (i == r->reasons)
		return;
	mark = fields_enter(f, in->key);
	read_buckets(f, in, r->histogram + i * RESULT_BUCKETS);
	fields_leave(f, mark);
}

void histograms_read(struct fields *f, struct result *r, struct value *document)
{
	struct value *in = fields_object(f, document, "histograms", OPTIONAL), *value;
	size_t mark = fields_enter(f, "histograms");

	if (in && r->backend != EXITPROBE_NONE) {
		r->histogram = calloc(r->reasons + 1, RESULT_BUCKETS * sizeof(*r->histogram));
		if (!r->histogram)
			fields_fail(f, -ENOMEM, "out of memory");
	}
	for (value = value_first(in); value && r->histogram && !f->error; value = value->next) {
		if (value->type == VALUE_OBJECT)
			read_reason(f, r, value);
		else
			fields_wrong(f, value->key, "is not an object");
	}
	fields_leave(f, mark);
}
