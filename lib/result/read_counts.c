// SPDX-License-Identifier: MIT
/* Counts are objects keyed by reason, "svm:0x72": n; in memory they are arrays over one list. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "read.h"

/* Position of a code in the ascending list, or where to insert it. */
static size_t position(const struct result *r, uint32_t code)
{
	size_t low = 0, high = r->reasons, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (r->reason[middle] < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The code of a key that was parsed before and is in r->reason; false if it was not. */
static bool remembered(const struct fields *f, const struct value *v, uint32_t *code)
{
	size_t slot = v->hash % (sizeof(f->reason) / sizeof(*f->reason));

	*code = f->reason[slot].code;
	return f->reason[slot].key && !strcmp(f->reason[slot].key, v->key);
}

static void remember(struct fields *f, const struct value *v, uint32_t code)
{
	size_t slot = v->hash % (sizeof(f->reason) / sizeof(*f->reason));

	f->reason[slot].key = v->key;
	f->reason[slot].code = code;
}

static void add_code(struct fields *f, struct result *r, uint32_t code)
{
	size_t at = position(r, code);
	uint32_t *list;

	if (at < r->reasons && r->reason[at] == code)
		return;
	/* Growing by one is cheap enough: it happens once per reason, not once per count. */
	list = reallocarray(r->reason, r->reasons + 1, sizeof(*list));
	if (!list) {
		fields_fail(f, -ENOMEM, "out of memory");
		return;
	}
	r->reason = list;
	memmove(list + at + 1, list + at, (r->reasons - at) * sizeof(*list));
	list[at] = code;
	r->reasons++;
}

/* Leave invalid counts to read_counts(), which knows the place for the message. */
static void add_codes(struct fields *f, struct result *r, struct value *in, const char *key)
{
	enum exitprobe_vendor vendor;
	struct value *value;
	uint32_t code;

	for (value = value_first(value_get(in, key)); value; value = value->next) {
		if (!value->key || remembered(f, value, &code) ||
		    exitprobe_parse_key(value->key, &vendor, &code) || vendor != r->vendor)
			continue;
		add_code(f, r, code);
		remember(f, value, code);
	}
}

void read_reasons(struct fields *f, struct result *r, struct value *document)
{
	struct value *counters = value_get(document, "counters"), *workload, *sample, *vcpu;

	add_codes(f, r, counters, "before");
	add_codes(f, r, counters, "after");
	workload = value_first(value_get(document, "workloads"));
	for (; workload; workload = workload->next) {
		sample = value_first(value_get(workload, "samples"));
		for (; sample; sample = sample->next) {
			add_codes(f, r, sample, "exits");
			add_codes(f, r, sample, "busy");
			vcpu = value_first(value_get(sample, "vcpus"));
			for (; vcpu; vcpu = vcpu->next)
				add_codes(f, r, vcpu, "exits");
		}
	}
}

static void read_count(struct fields *f, const struct result *r, struct value *v, uint64_t *count)
{
	enum exitprobe_vendor vendor = r->vendor;
	uint32_t code;

	if (!remembered(f, v, &code) && exitprobe_parse_key(v->key, &vendor, &code))
		fields_wrong(f, v->key, "is not an exit reason like svm:0x72 or vmx:48");
	else if (vendor != r->vendor)
		fields_wrong(f, v->key, "belongs to another vendor than probe.vendor (%s)",
			     exitprobe_vendor_name(r->vendor));
	else
		count[position(r, code)] = fields_count(f, v);
}

uint64_t *read_counts(struct fields *f, const struct result *r, struct value *in, const char *key)
{
	struct value *object = fields_object(f, in, key, OPTIONAL), *value;
	uint64_t *count;
	size_t mark;

	if (!object)
		return NULL;
	if (r->backend == EXITPROBE_NONE) {
		fields_wrong(f, key, "exists although probe.backend is none");
		return NULL;
	}
	count = calloc(r->reasons ? r->reasons : 1, sizeof(*count));
	if (!count) {
		fields_fail(f, -ENOMEM, "out of memory");
		return NULL;
	}
	mark = fields_enter(f, key);
	for (value = value_first(object); value && !f->error; value = value->next)
		read_count(f, r, value, count);
	fields_leave(f, mark);
	return count;
}
