// SPDX-License-Identifier: MIT
/*
 * The report for programs. {"workloads": [{name, status, op, per_op, ns_per_op}]} is a fixed
 * interface: keys may be added, never renamed. What is not known is null or absent, never 0.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/main_reason.h"
#include "estimate/paging.h"
#include "estimate/vcpus.h"
#include "report/json/side.h"
#include "report/report.h"
#include "summary/warnings.h"
#include "text/json_value.h"

#define VCPUS_LISTED 1024

static void set_verdict(json_t *object, const struct estimate_class *c)
{
	json_object_set_new(object, "expected_lo", json_number(c->low));
	json_object_set_new(object, "expected_hi", json_number(c->high));
	json_object_set_new(object, "verdict", json_text(estimate_verdict_name(c->verdict)));
}

static json_t *row_head(const char *key, const char *name, enum exitprobe_class exit_class,
			uint64_t exits)
{
	json_t *object = json_object();

	json_object_set_new(object, "reason", json_text(key));
	json_object_set_new(object, "name", json_text(name));
	json_object_set_new(object, "class", json_text(exitprobe_class_name(exit_class)));
	json_object_set_new(object, "exits", json_count(exits));
	return object;
}

/* A class without exits gets a row too, so that its 0 can be asserted. */
static json_t *empty_row(const struct result *r, const struct estimate_class *c)
{
	const struct exitprobe_reason *main = main_reason(r->vendor, c->exit_class);
	char key[24];
	json_t *object;

	object = row_head(main ? exitprobe_key(r->vendor, main->code, key) : NULL,
			  main ? main->name : NULL, c->exit_class, 0);
	json_set_interval(object, &c->per_op.interval, 1);
	set_verdict(object, c);
	return object;
}

static json_t *per_op(const struct result *r, const struct estimate_workload *w)
{
	json_t *array = json_array(), *object;
	const struct estimate_row *row;
	size_t i;

	for (i = 0; i < w->rows; i++) {
		row = &w->row[i];
		object = row_head(row->key, row->name, row->exit_class, row->exits);
		json_set_interval(object, &row->per_op.interval, 1);
		set_verdict(object, estimate_class(w, row->exit_class));
		json_array_append_new(array, object);
	}
	for (i = 0; i < w->classes; i++)
		if (!w->exit_class[i].exits)
			json_array_append_new(array, empty_row(r, &w->exit_class[i]));
	return array;
}

static json_t *classes(const struct estimate_workload *w)
{
	json_t *array = json_array(), *object;
	const struct estimate_class *c;
	size_t i;

	for (i = 0; i < w->classes; i++) {
		c = &w->exit_class[i];
		object = json_object();
		json_object_set_new(object, "class",
				    json_text(exitprobe_class_name(c->exit_class)));
		json_object_set_new(object, "exits", json_count(c->exits));
		json_object_set_new(object, "ops", json_number(c->ops));
		json_set_interval(object, &c->per_op.interval, 1);
		set_verdict(object, c);
		json_object_set_new(object, "declared", json_boolean(c->declared));
		json_object_set_new(object, "source", json_text(c->source));
		json_object_set_new(object, "lack_of_fit", json_number(c->lack_of_fit));
		json_array_append_new(array, object);
	}
	return array;
}

/* Cycles or, times the scale, nanoseconds; null when there is no estimate. */
static json_t *duration(const struct estimate_workload *w, double scale)
{
	json_t *object;

	if (isnan(w->cycles.interval.est) || isnan(scale))
		return json_null();
	object = json_object();
	json_set_interval(object, &w->cycles.interval, scale);
	json_object_set_new(object, "min", json_number(w->cycles.interval.min * scale));
	return object;
}

static json_t *quality(const struct estimate_workload *w)
{
	json_t *object =
		json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "windows", (json_int_t)w->windows,
			  "repeats", (json_int_t)w->blocks, "repeats_left_out",
			  (json_int_t)w->left_out, "migrated", (json_int_t)w->migrated, "preempted",
			  (json_int_t)w->preempted, "stolen", (json_int_t)w->stolen);

	if (w->counted)
		json_object_set_new(object, "exits",
				    json_pack("{s:f, s:f, s:f, s:f}", "all", w->exits, "operation",
					      w->attributed, "background", w->background,
					      "unattributed",
					      w->exits - w->attributed - w->background));
	return object;
}

static json_t *vcpus(const struct result *r, const struct result_workload *w)
{
	struct vcpu_share share[VCPUS_LISTED];
	size_t i, n = vcpus_shares(r, w, share, VCPUS_LISTED);
	json_t *array = json_array();

	for (i = 0; i < n; i++)
		json_array_append_new(array,
				      json_pack("{s:I, s:I, s:I}", "cpu", (json_int_t)share[i].cpu,
						"exits", (json_int_t)share[i].exits, "cycles",
						(json_int_t)share[i].cycles));
	return array;
}

static json_t *not_available(const struct result *r)
{
	return json_sprintf("not available: %s", r->why ? r->why : "reason not recorded");
}

static json_t *workload(const struct side *side, size_t i)
{
	const struct estimate_workload *w = &side->e.workload[i];
	const struct result *r = side->result;
	const struct estimate *e = &side->e;
	json_t *object = json_object();

	json_object_set_new(object, "name", json_text(w->w->name));
	json_object_set_new(object, "status", json_text(result_status_name(w->w->status)));
	json_object_set_new(object, "reason", json_text(w->w->reason));
	json_object_set_new(object, "op", json_text(w->w->op));
	json_object_set_new(object, "summary", json_text(w->w->summary));
	json_object_set_new(object, "parameters", json_parameters(w->w));
	json_object_set_new(object, "mechanism", json_text(w->w->mechanism));
	json_object_set_new(object, "control", json_text(w->w->control));
	json_object_set_new(object, "verdict", json_text(estimate_verdict_name(w->verdict)));
	if (r->backend == EXITPROBE_NONE) {
		json_object_set_new(object, "exits", not_available(r));
	} else {
		json_object_set_new(object, "per_op", per_op(r, w));
		json_object_set_new(object, "classes", classes(w));
		json_object_set_new(object, "total", json_total(&side->total[i]));
		json_object_set_new(object, "per_second", json_number(side_rate(side, w)));
	}
	json_object_set_new(object, "ns_per_op", duration(w, e->ns_per_cycle));
	json_object_set_new(object, "cycles_per_op", duration(w, 1));
	json_object_set_new(object, "quality", quality(w));
	if (w->counted && w->w->samples && w->w->sample[0].vcpus)
		json_object_set_new(object, "vcpus", vcpus(r, w->w));
	return object;
}

static json_t *background(const struct estimate *e)
{
	const struct result *r = e->result;
	const struct exitprobe_reason *reason;
	json_t *array = json_array(), *object;
	char key[24];
	size_t i;

	for (i = 0; i < r->reasons; i++) {
		if (!(e->per_cycle[i] > 0))
			continue;
		reason = exitprobe_reason(r->vendor, r->reason[i]);
		object = json_object();
		json_object_set_new(object, "reason",
				    json_text(exitprobe_key(r->vendor, r->reason[i], key)));
		json_object_set_new(object, "name", json_text(reason ? reason->name : key));
		json_object_set_new(object, "per_second",
				    json_number(e->per_cycle[i] * 1e9 / e->ns_per_cycle));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *paging(const struct estimate *e)
{
	const struct result *r = e->result;
	json_t *object = json_object();
	char contradiction[512];

	json_object_set_new(object, "mode", json_text(exitprobe_paging_name(r->paging)));
	json_object_set_new(object, "source", json_text(r->paging_source));
	json_object_set_new(object, "fingerprint",
			    r->backend == EXITPROBE_NONE
				    ? json_null()
				    : json_text(exitprobe_fingerprint_name(e->fingerprint)));
	json_object_set_new(object, "contradiction",
			    paging_contradiction(r, contradiction, sizeof(contradiction))
				    ? json_string(contradiction)
				    : json_null());
	return object;
}

static json_t *environment(const struct result *r)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < r->labels; i++)
		json_object_set_new(object, r->label[i].name, json_text(r->label[i].value));
	return object;
}

static void add_warning(void *context, const char *warning)
{
	json_array_append_new(context, json_string(warning));
}

static json_t *document(const struct side *side)
{
	const struct estimate *e = &side->e;
	const struct result *r = side->result;
	json_t *object = json_object(), *workloads = json_array(), *warnings = json_array();
	size_t i;

	json_object_set_new(object, "file", json_text(r->path));
	json_object_set_new(object, "label", json_text(side->label));
	json_object_set_new(object, "tool", json_text(r->tool_version));
	json_object_set_new(object, "started", json_text(r->started));
	json_object_set_new(object, "complete", json_boolean(r->complete));
	json_object_set_new(object, "seed", json_count(r->seed));
	json_object_set_new(object, "repeat", json_integer(r->repeat));
	json_object_set_new(object, "vendor", json_text(exitprobe_vendor_name(r->vendor)));
	json_object_set_new(object, "backend", json_text(exitprobe_backend_name(r->backend)));
	if (r->backend == EXITPROBE_NONE)
		json_object_set_new(object, "exits", not_available(r));
	json_object_set_new(object, "paging", paging(e));
	json_object_set_new(object, "environment", environment(r));
	json_object_set_new(object, "emulator", json_text(estimate_emulator(r)));
	if (e->has_background)
		json_object_set_new(object, "background", background(e));
	json_set_side(object, side);
	for (i = 0; i < e->workloads; i++)
		json_array_append_new(workloads, workload(side, i));
	json_object_set_new(object, "workloads", workloads);
	warnings_each(e, add_warning, warnings);
	json_object_set_new(object, "warnings", warnings);
	return object;
}

/* One file is an object, for compatibility; several are the sides of one object. */
static json_t *all(const struct report *r)
{
	const struct sides *s = &r->sides;
	json_t *object, *sides;
	size_t i;

	if (s->sides == 1) {
		object = document(&s->side[0]);
	} else {
		object = json_object();
		sides = json_array();
		for (i = 0; i < s->sides; i++)
			json_array_append_new(sides, document(&s->side[i]));
		json_object_set_new(object, "sides", sides);
	}
	json_object_set_new(object, "summary", json_summary(&r->summary));
	return object;
}

int report_json(const struct report *r, FILE *out)
{
	json_t *object = all(r);

	if (!object)
		return -ENOMEM;
	json_dumpf(object, out, JSON_VALUE_FLAGS);
	fputc('\n', out);
	json_decref(object);
	return 0;
}
