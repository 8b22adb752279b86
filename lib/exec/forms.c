// SPDX-License-Identifier: MIT
/* For programs: one JSON document, or CSV with one line per reason. */
#include <errno.h>

#include "exec/exec.h"
#include "text/csv.h"
#include "text/json_value.h"

static json_t *interval(const struct stats_interval *i)
{
	json_t *object = json_object();

	json_set_interval(object, i, 1);
	return object;
}

static json_t *rows(const struct exec_table *t)
{
	json_t *array = json_array();
	const struct exec_row *row;

	for (row = t->row; row < t->row + t->rows; row++)
		json_array_append_new(
			array,
			json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "reason",
				  row->estimate->key, "name", row->estimate->name, "class",
				  exitprobe_class_name(row->estimate->exit_class), "exits",
				  interval(&row->exits), "per_second", json_number(row->per_second),
				  "background", json_number(row->background), "background_limit",
				  json_number(row->limit), "per_op",
				  interval(&row->estimate->per_op.interval)));
	return array;
}

static json_t *command(char **argv)
{
	json_t *array = json_array(), *word;

	for (; *argv; argv++) {
		word = json_string(*argv);
		json_array_append_new(array, word ? word : json_string("(not UTF-8)"));
	}
	return array;
}

int exec_json(const struct exec_table *t, FILE *out)
{
	const struct exec *x = t->x;
	const bool counted = x->r->backend != EXITPROBE_NONE;
	json_t *object = json_pack(
		"{s:o, s:s, s:i, s:i, s:I, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "command",
		command(x->plan->argv), "name", x->plan->name, "runs", (int)x->done, "status",
		exec_status(x->times[x->done - 1].status), "ops", (json_int_t)x->plan->ops,
		"complete", (int)x->r->complete, "seconds", interval(&t->seconds), "user",
		json_number(t->user), "system", json_number(t->system), "minor_faults",
		json_number(t->minor_faults), "major_faults", json_number(t->major_faults),
		"voluntary_switches", json_number(t->voluntary), "involuntary_switches",
		json_number(t->involuntary));

	if (!object)
		return -ENOMEM;
	if (counted) {
		json_object_set_new(object, "reading_cost", json_integer(x->reading));
		json_object_set_new(object, "exits", interval(&t->total));
		json_object_set_new(object, "reasons", rows(t));
	} else {
		json_object_set_new(object, "why", json_text(x->r->why));
	}
	json_dumpf(object, out, JSON_VALUE_FLAGS);
	fputc('\n', out);
	json_decref(object);
	return 0;
}

static void put_interval(struct csv *csv, const struct stats_interval *i)
{
	csv_number(csv, i->est);
	csv_number(csv, i->lo);
	csv_number(csv, i->hi);
}

static void put_row(struct csv *csv, const struct exec_table *t, const struct exec_row *row)
{
	const struct estimate_row *e = row->estimate;

	csv_text(csv, t->x->plan->name);
	csv_text(csv, e->key);
	csv_text(csv, e->name);
	csv_text(csv, exitprobe_class_name(e->exit_class));
	csv_count(csv, t->x->done);
	put_interval(csv, &row->exits);
	csv_number(csv, row->per_second);
	csv_number(csv, row->background);
	csv_number(csv, e->per_op.interval.est);
	csv_end(csv);
}

/* Without counters only the line with the time. An empty field: not known. */
int exec_csv(const struct exec_table *t, FILE *out)
{
	struct csv csv = { .out = out };
	size_t i;

	fputs("name,reason,reason_name,class,runs,value,lo,hi,per_second,background,per_op\n", out);
	csv_text(&csv, t->x->plan->name);
	csv_text(&csv, NULL);
	csv_text(&csv, "seconds");
	csv_text(&csv, NULL);
	csv_count(&csv, t->x->done);
	put_interval(&csv, &t->seconds);
	for (i = 0; i < 3; i++)
		csv_text(&csv, NULL);
	csv_end(&csv);
	for (i = 0; i < t->rows; i++)
		put_row(&csv, t, &t->row[i]);
	return 0;
}
