// SPDX-License-Identifier: MIT
#include "report/compare_formats.h"

#include <errno.h>
#include <math.h>

#include "text/json_value.h"

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

static json_t *one_row(const struct compare_cells *cells)
{
	const struct compare_row *row = cells->row;
	bool exits = row->family != COMPARE_TIMES;
	json_t *object = json_object(), *shift = json_object();

	json_object_set_new(object, "workload",
			    row->workload ? json_text(row->workload->w->name) : json_null());
	json_object_set_new(object, "op",
			    row->workload ? json_text(row->workload->w->op) : json_null());
	json_object_set_new(object, "quantity", json_text(compare_quantity(row)));
	json_object_set_new(object, "class",
			    exits && !row->all ? json_text(exitprobe_class_name(row->exit_class))
					       : json_null());
	if (*cells->key)
		json_object_set_new(object, "reason", json_text(cells->key));
	json_object_set_new(object, "name", json_text(cells->what));
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

static json_t *label(const struct compare_label *f)
{
	return f ? json_pack("{s:s, s:s, s:s}", "name", f->name, "a", f->a, "b", f->b)
		 : json_null();
}

static json_t *texts(const struct emit_list *l)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; l && i < l->lines; i++)
		json_array_append_new(array, json_text(l->line[i]));
	return array;
}

/* Positions in the list of all files, of which the sides have one after the other. */
static json_t *numbers(size_t first, size_t n)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(array, json_count(first + i));
	return array;
}

static json_t *comparison(const struct comparison_pair *p, size_t first_b)
{
	const struct compare *c = p->c;
	json_t *object = json_object(), *rows = json_array(), *labels = json_array();
	size_t i;

	for (i = 0; i < c->rows; i++)
		json_array_append_new(rows, one_row(&p->row[i]));
	for (i = 0; i < c->labels; i++)
		if (&c->label[i] != c->axis)
			json_array_append_new(labels, label(&c->label[i]));
	/* The first file of each side; all of them follow. */
	json_object_set_new(object, "a", json_count(0));
	json_object_set_new(object, "b", json_count(first_b));
	json_object_set_new(object, "a_name", json_text(c->a.name));
	json_object_set_new(object, "b_name", json_text(c->b.name));
	json_object_set_new(object, "a_files", numbers(0, c->a.files));
	json_object_set_new(object, "b_files", numbers(first_b, c->b.files));
	json_object_set_new(object, "unit",
			    json_text(c->unit == COMPARE_FILES ? "file" : "repeat"));
	json_object_set_new(object, "axis", label(c->axis));
	json_object_set_new(object, "other_differences", labels);
	json_object_set_new(object, "untrusted",
			    *p->untrusted ? json_text(p->untrusted) : json_null());
	json_object_set_new(object, "warnings", texts(&p->warnings));
	json_object_set_new(object, "rows", rows);
	return object;
}

static size_t add_files(json_t *files, const struct compare_group *g)
{
	size_t i;

	for (i = 0; i < g->files; i++)
		json_array_append_new(files, file(g->file[i]));
	return g->files;
}

int compare_json(const struct comparison *all, FILE *out, bool colour)
{
	json_t *document = json_object(), *files = json_array(), *list = json_array();
	const struct comparison_pair *p;
	size_t next = add_files(files, &all->pair->c->a);
	int ret;

	(void)colour;
	for (p = all->pair; p < all->pair + all->pairs; p++) {
		json_array_append_new(list, comparison(p, next));
		next += add_files(files, &p->c->b);
	}
	json_object_set_new(document, "files", files);
	json_object_set_new(document, "findings", texts(all->findings));
	json_object_set_new(document, "comparisons", list);
	ret = document ? json_dumpf(document, out, JSON_VALUE_FLAGS) : -ENOMEM;
	fputc('\n', out);
	json_decref(document);
	return ret && !ferror(out) ? -ENOMEM : 0;
}
