// SPDX-License-Identifier: MIT
#include <errno.h>
#include <jansson.h>

#include "reading/reading.h"

/* 0 is "the hypervisor does not say" for each of these. */
static json_t *known(uint32_t value)
{
	return value ? json_integer(value) : json_null();
}

/* Buckets that hold something, by the exponent of their lower bound. */
static json_t *histogram(const struct probe_histogram *h)
{
	json_t *buckets = json_array();
	unsigned int i;

	for (i = 0; i < PROBE_BUCKETS; i++)
		if (h->bucket[i])
			json_array_append_new(buckets,
					      json_pack("{s:i, s:I}", "log2", (int)i, "exits",
							(json_int_t)h->bucket[i]));
	return json_pack("{s:I, s:o}", "exits", (json_int_t)h->exits, "buckets", buckets);
}

static json_t *reason(const struct probe_list *list, const struct probe_row *row)
{
	char key[24];
	json_t *json;

	exitprobe_key(list->probe->vendor, row->code, key);
	json = json_pack("{s:s, s:s, s:s, s:I, s:o}", "reason", key, "name", row->name, "class",
			 row->exit_class, "count", (json_int_t)row->count, "busy",
			 list->probe->cycles ? json_integer((json_int_t)row->busy) : json_null());
	if (list->snapshot->flags & EXITPROBE_WALL)
		json_object_set_new(json, "wall", json_integer((json_int_t)row->wall));
	if (row->histogram)
		json_object_set_new(json, "histogram", histogram(row->histogram));
	return json;
}

static json_t *reasons(const struct probe_list *list)
{
	const struct probe_row *row;
	json_t *array = json_array();

	for (row = list->row; row < list->row + list->rows; row++)
		json_array_append_new(array, reason(list, row));
	return array;
}

static json_t *document(const struct probe_list *list)
{
	const struct exitprobe *p = list->probe;
	const struct exitprobe_snapshot *s = list->snapshot;

	return json_pack(
		"{s:s, s:o, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:b, s:s, s:s, s:{s:i, s:i}, "
		"s:o}",
		"backend", exitprobe_backend_name(p->backend), "abi", known(p->abi),
		"course_layout", exitprobe_backend_name(p->course_layout), "vendor",
		exitprobe_vendor_name(p->vendor), "paging", exitprobe_paging_name(p->paging),
		"fingerprint", exitprobe_fingerprint_name(exitprobe_fingerprint(p, s)), "vcpus",
		known(p->vcpus), "instance", known(p->instance), "host_tsc_khz",
		known(p->host_tsc_khz), "counts_l2", (int)p->counts_l2, "histograms",
		(int)p->histograms, "hypervisor", p->hypervisor, "scope",
		s->flags & EXITPROBE_THIS_VCPU ? "vcpu" : "vm", "cost", "open", (int)p->open_cost,
		"snapshot", (int)s->cost, "reasons", reasons(list));
}

int probe_json(const struct probe_list *list, FILE *out)
{
	json_t *json = document(list);

	if (!json)
		return -ENOMEM;
	json_dumpf(json, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(json);
	return 0;
}
