// SPDX-License-Identifier: MIT
#include "witness/reading.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BASIC_REASON 0xffffu /* SDM vol. 3, 25.9.1: the other bits are flags */

static bool read_key(struct scan *s, struct slot *slot, enum exitprobe_vendor *vendor)
{
	struct scan key;

	if (!scan_until(s, " ", &key) || scan_length(&key) >= sizeof(slot->key))
		return false;
	memcpy(slot->key, key.at, scan_length(&key));
	slot->key[scan_length(&key)] = 0;
	return strlen(slot->key) == scan_length(&key) &&
	       !exitprobe_parse_key(slot->key, vendor, &slot->code);
}

static int read_slot(struct scan *s, struct slot *slot, enum exitprobe_vendor *vendor,
		     const char **why)
{
	uint64_t number;

	*why = "is not a slot, a key such as svm:0x400 or vmx:48, and a count";
	switch (scan_number(s, 10, EXITPROBE_SLOTS - 1, &number)) {
	case SCAN_HUGE:
		*why = "has a slot beyond the last one that there can be";
		return -ERANGE;
	case SCAN_NONE:
		return -EINVAL;
	case SCAN_OK:
		break;
	}
	slot->number = (uint32_t)number;
	if (!scan_literal(s, " ") || !read_key(s, slot, vendor))
		return -EINVAL;
	switch (scan_number(s, 10, INT64_MAX, &slot->count)) {
	case SCAN_HUGE:
		*why = "has a count of more than 63 bits";
		return -ERANGE;
	case SCAN_NONE:
		return -EINVAL;
	case SCAN_OK:
		break;
	}
	return scan_done(s) ? 0 : -EINVAL;
}

static int add_line(struct reading *r, struct lines *l, struct fault *f)
{
	const char *path = l->text->path, *why;
	enum exitprobe_vendor vendor;
	struct slot slot;
	int ret;

	ret = read_slot(&l->line, &slot, &vendor, &why);
	if (!ret && !l->whole) {
		ret = -EINVAL;
		why = "ends without a newline: the file was cut short";
	}
	if (ret)
		return fault_at(f, ret, path, l->number, "%s", why);
	if (r->slots && vendor != r->vendor)
		return fault_at(f, -EINVAL, path, l->number,
				"%s is of another vendor than the lines before it", slot.key);
	/* This also bounds the number of lines. */
	if (r->by_number[slot.number] >= 0)
		return fault_at(f, -EEXIST, path, l->number, "slot %" PRIu32 " comes twice",
				slot.number);
	r->vendor = vendor;
	r->by_number[slot.number] = (int)r->slots;
	r->slot[r->slots++] = slot;
	return 0;
}

static int compare_codes(const void *a, const void *b, void *context)
{
	const struct reading *r = context;
	uint32_t x = r->slot[*(const int *)a].code, y = r->slot[*(const int *)b].code;

	return x < y ? -1 : x > y;
}

/* Each line of the file has become a slot, so the slots are numbered as the lines are. */
static int sort_by_code(struct reading *r, const char *path, struct fault *f)
{
	unsigned int i;
	int a, b;

	for (i = 0; i < r->slots; i++)
		r->by_code[i] = (int)i;
	qsort_r(r->by_code, r->slots, sizeof(r->by_code[0]), compare_codes, r);
	for (i = 1; i < r->slots; i++) {
		a = r->by_code[i - 1];
		b = r->by_code[i];
		if (r->slot[a].code == r->slot[b].code)
			return fault_at(f, -EEXIST, path, (size_t)(a > b ? a : b) + 1,
					"%s comes twice", r->slot[a].key);
	}
	return 0;
}

int reading_parse(struct reading *r, const struct text *t, struct fault *f)
{
	struct lines l = LINES_OF(t);
	unsigned int i;
	int ret;

	*r = (struct reading){ 0 };
	for (i = 0; i < EXITPROBE_SLOTS; i++)
		r->by_number[i] = -1;
	while (lines_next(&l)) {
		ret = add_line(r, &l, f);
		if (ret)
			return ret;
	}
	if (!r->slots)
		return fault_at(f, -ENODATA, t->path, 0, "is empty");
	return sort_by_code(r, t->path, f);
}

static int find(const struct reading *r, uint32_t code)
{
	unsigned int low = 0, high = r->slots, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (r->slot[r->by_code[middle]].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->slots && r->slot[r->by_code[low]].code == code ? r->by_code[low] : -1;
}

int reading_slot_of(const struct reading *r, uint32_t code)
{
	int index;

	if (r->vendor == EXITPROBE_VMX)
		code &= BASIC_REASON;
	/* The code of "other" is ours; where the hardware gives it, it has no slot either. */
	index = find(r, code);
	return index >= 0 ? index : find(r, EXITPROBE_CODE_OTHER);
}
