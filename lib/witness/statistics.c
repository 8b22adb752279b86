// SPDX-License-Identifier: MIT
#include "witness/statistics.h"

#include <errno.h>
#include <string.h>

#include "witness/answer.h"

static int add_counts(struct statistics *s, struct value *array, const char *path, struct fault *f)
{
	uint32_t slot = array->count;
	struct value *count;

	for (count = value_first(array); count; count = count->next) {
		slot--;
		if (count->type != VALUE_WHOLE || count->whole < 0)
			return fault_at(f, -EINVAL, path, 0,
					"has an exit_count that is not a whole number from 0 on");
		if (slot >= EXITPROBE_SLOTS && count->whole)
			return fault_at(f, -ERANGE, path, 0,
					"counts exits in slot %u, and %d is the last one", slot,
					EXITPROBE_SLOTS - 1);
		if (slot < EXITPROBE_SLOTS &&
		    (__builtin_add_overflow(s->count[slot], count->whole, &s->count[slot]) ||
		     s->count[slot] > INT64_MAX))
			return fault_at(f, -ERANGE, path, 0,
					"has counts that add up to more than 63 bits");
	}
	s->shown = true;
	return 0;
}

static int add_object(struct statistics *s, struct value *object, const char *path, struct fault *f)
{
	struct value *list, *entry, *name, *array;
	int ret = 0;

	list = object->type == VALUE_OBJECT ? value_get(object, "stats") : NULL;
	if (!list || list->type != VALUE_ARRAY)
		return fault_at(f, -EINVAL, path, 0, "has an object without statistics");
	for (entry = value_first(list); !ret && entry; entry = entry->next) {
		name = entry->type == VALUE_OBJECT ? value_get(entry, "name") : NULL;
		if (!name || name->type != VALUE_TEXT)
			return fault_at(f, -EINVAL, path, 0, "has a statistic without a name");
		if (strcmp(name->text, "exit_count") != 0)
			continue;
		array = value_get(entry, "value");
		if (!array || array->type != VALUE_ARRAY)
			return fault_at(f, -EINVAL, path, 0, "has an exit_count that is no array");
		ret = add_counts(s, array, path, f);
	}
	return ret;
}

int statistics_parse(struct statistics *s, const struct text *t, struct fault *f)
{
	struct answer answer;
	struct value *list, *object;
	int ret;

	*s = (struct statistics){ 0 };
	if (!t->data)
		return 0;
	ret = answer_parse(&answer, t, f);
	/* Without the array QEMU answered with an error, as one does that cannot tell. */
	list = ret ? NULL : answer_return(&answer);
	for (object = list ? value_first(list) : NULL; !ret && object; object = object->next)
		ret = add_object(s, object, t->path, f);
	answer_free(&answer);
	return ret;
}
