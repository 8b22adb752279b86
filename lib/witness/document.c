// SPDX-License-Identifier: MIT
/* The verdict as the laboratory's file witness-MODE.json, and as one line. */
#include <inttypes.h>
#include <stdlib.h>

#include "witness/verdict.h"

static json_t *whole(uint64_t count)
{
	return json_integer((json_int_t)count);
}

/* Return the object only if no member was lost for want of memory. */
static json_t *whole_object(json_t *object, int error)
{
	if (!error)
		return object;
	json_decref(object);
	return NULL;
}

enum column {
	COLUMN_KVM_EXIT,
	COLUMN_GUEST,
	COLUMN_BINARY,
	COLUMN_AFTER,
};

static uint64_t cell(const struct verdict *v, unsigned int slot, enum column column)
{
	switch (column) {
	case COLUMN_KVM_EXIT:
		return v->slot[slot].kvm_exit;
	case COLUMN_GUEST:
		return v->reading.slot[slot].count;
	case COLUMN_BINARY:
		return v->slot[slot].binary;
	case COLUMN_AFTER:
		return v->slot[slot].after;
	}
	return 0;
}

/* Counts by key. Where something came after the reading is an exception: zeroes are left out. */
static json_t *counts(const struct verdict *v, enum column column)
{
	json_t *object = json_object();
	unsigned int i;
	uint64_t count;
	int ret = 0;

	for (i = 0; i < v->reading.slots; i++) {
		count = cell(v, i, column);
		if (verdict_shows(v, i) && (count || column != COLUMN_AFTER))
			ret |= json_object_set_new(object, v->reading.slot[i].key, whole(count));
	}
	return whole_object(object, ret);
}

struct explanation {
	FILE *out;
	char *text;
	size_t size;
	bool listed, last; /* exits by number; the one that paused the VM */
};

/* The last exit is the write to the device; the others are listed by their place. */
static int explain_exit(struct explanation *e, size_t place, size_t exits)
{
	if (!e->out)
		e->out = open_memstream(&e->text, &e->size);
	if (!e->out)
		return -1;
	if (place == exits) {
		e->last = true;
		return 0;
	}
	fprintf(e->out, "%s%zu",
		e->listed ? ", " : "came after this counter was read and before the pause: exit ",
		place);
	e->listed = true;
	return 0;
}

static json_t *explanation(struct explanation *e, size_t exits)
{
	json_t *value;

	if (e->listed)
		fprintf(e->out, " of %zu since the marker%s", exits, e->last ? ", and " : "");
	if (e->last)
		fputs("the write to the pvpanic device, which paused the VM", e->out);
	value = fclose(e->out) ? NULL : json_string(e->text);
	free(e->text);
	return value;
}

/* Explain every exit that came after the reading of its counter. */
static int explain_exits(const struct verdict *v, struct explanation *by_slot)
{
	const struct ring *ring = &v->ring;
	size_t i, before;
	int slot, ret = 0;

	for (i = 0; i < ring->exits; i++) {
		slot = ring->exit[i];
		if (slot < 0 || !verdict_shows(v, (unsigned int)slot))
			continue;
		before = ring_before(ring, v->reading.slot[slot].number);
		if (before != RING_NEVER && i >= before)
			ret |= explain_exit(&by_slot[slot], i + 1, ring->exits);
	}
	return ret;
}

static json_t *explained(const struct verdict *v)
{
	struct explanation by_slot[EXITPROBE_SLOTS] = { 0 };
	json_t *object = json_object();
	unsigned int i;
	int ret;

	ret = explain_exits(v, by_slot);
	for (i = 0; i < v->reading.slots; i++)
		if (by_slot[i].out)
			ret |= json_object_set_new(object, v->reading.slot[i].key,
						   explanation(&by_slot[i], v->ring.exits));
	return whole_object(object, ret);
}

static json_t *totals(const struct verdict *v)
{
	const struct totals *t = &v->total;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "kvm_exit", whole(t->kvm_exit),
			 "stat_exits", whole(t->stat_exits), "unentered", whole(t->unentered),
			 "binary_stats", v->binary_stats ? whole(t->binary_stats) : json_null(),
			 "guest", whole(t->guest), "after", whole(t->after));
}

json_t *verdict_document(const struct verdict *v, const char *paging)
{
	json_t *d = json_object();
	int ret;

	ret = json_object_set_new(d, "vendor",
				  json_string(exitprobe_vendor_name(v->reading.vendor)));
	ret |= json_object_set_new(d, "paging", paging ? json_string(paging) : json_null());
	ret |= json_object_set_new(d, "kvm_exit", counts(v, COLUMN_KVM_EXIT));
	ret |= json_object_set_new(d, "guest", counts(v, COLUMN_GUEST));
	if (v->binary_stats)
		ret |= json_object_set_new(d, "binary_stats", counts(v, COLUMN_BINARY));
	ret |= json_object_set_new(d, "after", counts(v, COLUMN_AFTER));
	ret |= json_object_set_new(d, "explained", explained(v));
	ret |= json_object_set_new(d, "total", totals(v));
	ret |= json_object_set_new(d, "problem",
				   v->problem.text[0] ? json_string(v->problem.text) : json_null());
	ret |= json_object_set_new(d, "equal", json_boolean(v->equal));
	return whole_object(d, ret);
}

static void print_differences(const struct verdict *v, FILE *out)
{
	const char *separator = "";
	const struct slot *slot;
	const struct compared *c;
	unsigned int i;

	for (i = 0; i < v->reading.slots; i++) {
		slot = &v->reading.slot[i];
		c = &v->slot[i];
		if (!verdict_shows(v, i) || c->kvm_exit == slot->count + c->after)
			continue;
		fprintf(out, "%s%s %" PRIu64 " is not %" PRIu64 " + %" PRIu64, separator, slot->key,
			c->kvm_exit, slot->count, c->after);
		separator = "; ";
	}
}

void verdict_line(const struct verdict *v, FILE *out)
{
	if (v->equal) {
		fprintf(out,
			"all %" PRIu64
			" exits that the outer VM counted are in the guest's counters, reason "
			"by reason (%" PRIu64 " of them came after the last reading)",
			v->total.kvm_exit, v->total.after);
		return;
	}
	fputs("the guest's counters differ from the outer VM's: ", out);
	if (v->problem.text[0])
		fputs(v->problem.text, out);
	else
		print_differences(v, out);
}
