// SPDX-License-Identifier: MIT
#include "report/compare.h"

#include <errno.h>
#include <math.h>

#include "report/json_value.h"

static json_t *file(const struct estimate *e)
{
	const struct result *r = e->result;
	json_t *object = json_object();

	json_object_set_new(object, "path", json_text(r->path));
	json_object_set_new(object, "complete", json_boolean(r->complete));
	json_object_set_new(object, "vendor", json_text(exitprobe_vendor_name(r->vendor)));
	json_object_set_new(object, "paging", json_text(exitprobe_paging_name(r->paging)));
	json_object_set_new(object, "paging_source", json_text(r->paging_source));
	json_object_set_new(object, "fingerprint",
			    json_text(exitprobe_fingerprint_name(e->fingerprint)));
	json_object_set_new(object, "emulator", json_text(estimate_emulator(r)));
	return object;
}

static json_t *side(const struct compare_side *s, bool exits)
{
	json_t *object = json_object();

	json_set_interval(object, &s->value.interval, 1);
	if (exits)
		json_object_set_new(object, "exits", json_count(s->exits));
	return object;
}

static json_t *one_row(const struct compare_row *row)
{
	bool exits = row->family != COMPARE_TIMES;
	json_t *object = json_object(), *shift = json_object();

	json_object_set_new(object, "workload", json_text(row->workload->w->name));
	json_object_set_new(object, "op", json_text(row->workload->w->op));
	json_object_set_new(object, "quantity", json_text(exits ? "exits" : "ns"));
	json_object_set_new(object, "class",
			    exits ? json_text(exitprobe_class_name(row->class)) : json_null());
	json_object_set_new(object, "declared", json_boolean(row->family == COMPARE_DECLARED));
	json_object_set_new(object, "a", side(&row->a, exits));
	json_object_set_new(object, "b", side(&row->b, exits));
	json_set_interval(shift, &row->shift, 1);
	json_object_set_new(object, "difference", shift);
	json_object_set_new(object, "ratio", json_number(row->ratio));
	json_object_set_new(object, "p", json_number(row->p));
	json_object_set_new(object, "q", json_number(row->q));
	json_object_set_new(object, "sampled", json_boolean(row->sampled));
	json_object_set_new(object, "verdict", json_text(compare_verdict_name(row->verdict)));
	return object;
}

static json_t *fact(const struct compare_fact *f)
{
	return f ? json_pack("{s:s, s:s, s:s}", "name", f->name, "a", f->a, "b", f->b)
		 : json_null();
}

static void add_warning(void *context, const char *text)
{
	json_array_append_new(context, json_string(text));
}

static json_t *comparison(const struct compare *c, size_t other)
{
	json_t *object = json_object(), *rows = json_array(), *facts = json_array();
	json_t *warnings = json_array();
	size_t i;

	for (i = 0; i < c->rows; i++)
		json_array_append_new(rows, one_row(&c->row[i]));
	for (i = 0; i < c->facts; i++)
		if (&c->fact[i] != c->axis)
			json_array_append_new(facts, fact(&c->fact[i]));
	compare_warnings(c, add_warning, warnings);
	json_object_set_new(object, "a", json_count(0));
	json_object_set_new(object, "b", json_count(other));
	json_object_set_new(object, "axis", fact(c->axis));
	json_object_set_new(object, "other_differences", facts);
	json_object_set_new(object, "warnings", warnings);
	json_object_set_new(object, "rows", rows);
	return object;
}

int compare_json(const struct compare *c, size_t n, FILE *out)
{
	json_t *document = json_object(), *files = json_array(), *list = json_array();
	size_t i;
	int ret;

	json_array_append_new(files, file(c[0].a));
	for (i = 0; i < n; i++) {
		json_array_append_new(files, file(c[i].b));
		json_array_append_new(list, comparison(&c[i], i + 1));
	}
	json_object_set_new(document, "files", files);
	json_object_set_new(document, "comparisons", list);
	ret = document ? json_dumpf(document, out, JSON_VALUE_FLAGS) : -ENOMEM;
	fputc('\n', out);
	json_decref(document);
	return ret && !ferror(out) ? -ENOMEM : 0;
}
