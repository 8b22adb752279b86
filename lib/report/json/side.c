// SPDX-License-Identifier: MIT
#include "report/json/side.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/json_value.h"

static json_t *calibration(const struct result *r)
{
	const struct result_calibration *c = &r->calibration;
	json_t *object = json_object();

	if (c->tsc_khz > 0)
		json_object_set_new(object, "tsc_khz", json_number(c->tsc_khz));
	if (r->host_tsc_khz)
		json_object_set_new(object, "host_tsc_khz", json_count(r->host_tsc_khz));
	if (r->backend == EXITPROBE_NONE || !c->brackets)
		return object;
	json_object_set_new(object, "brackets", json_count(c->brackets));
	json_object_set_new(object, "brackets_exact", json_count(c->brackets_exact));
	json_object_set_new(object, "bracket_cost", json_count(c->bracket_cost));
	json_object_set_new(object, "clock_exits", json_count(c->clock_exits));
	return object;
}

static json_t *counts_row(const struct counts *t, const struct counts_row *row)
{
	json_t *object = json_object();

	json_object_set_new(object, "reason", json_text(row->key));
	json_object_set_new(object, "name", json_text(row->name));
	json_object_set_new(object, "class", json_text(exitprobe_class_name(row->exit_class)));
	json_object_set_new(object, "count", json_count(row->count));
	json_object_set_new(object, "share", json_number(counts_share(t, row->count)));
	return object;
}

static json_t *counts(const struct counts *t)
{
	json_t *object = json_object(), *rows = json_array(), *classes = json_object();
	size_t i;
	int k;

	for (i = 0; i < t->rows; i++)
		json_array_append_new(rows, counts_row(t, &t->row[i]));
	for (k = 0; k < EXITPROBE_CLASSES; k++)
		if (t->exit_class[k])
			json_object_set_new(classes, exitprobe_class_name((enum exitprobe_class)k),
					    json_count(t->exit_class[k]));
	json_object_set_new(object, "total", json_count(t->total));
	json_object_set_new(object, "unlisted", json_count(t->unlisted));
	json_object_set_new(object, "seconds", json_number(t->seconds));
	json_object_set_new(object, "per_second", json_number(counts_per_second(t)));
	json_object_set_new(object, "did_not_occur", json_count(t->absent));
	json_object_set_new(object, "classes", classes);
	json_object_set_new(object, "rows", rows);
	return object;
}

static json_t *buckets(const struct exit_time_row *row)
{
	json_t *object = json_object();
	char exponent[8];
	unsigned int i;

	for (i = row->first; i <= row->last; i++) {
		snprintf(exponent, sizeof(exponent), "%u", i);
		json_object_set_new(object, exponent, json_count(row->bucket[i]));
	}
	return object;
}

static json_t *exit_time(const struct exit_time *h)
{
	json_t *array = json_array(), *object;
	const struct exit_time_row *row;
	size_t i;

	for (i = 0; i < h->rows; i++) {
		row = &h->row[i];
		object = json_object();
		json_object_set_new(object, "reason", json_text(row->key));
		json_object_set_new(object, "name", json_text(row->name));
		json_object_set_new(object, "class",
				    json_text(exitprobe_class_name(row->exit_class)));
		json_object_set_new(object, "exits", json_count(row->exits));
		json_object_set_new(object, "cycles", json_count(row->cycles));
		json_object_set_new(
			object, "share",
			json_number(h->cycles ? (double)row->cycles / (double)h->cycles : 0));
		json_object_set_new(object, "mean_cycles", json_number(exit_time_mean(row)));
		json_object_set_new(object, "mean_ns",
				    json_number(exit_time_mean(row) * h->ns_per_cycle));
		if (row->seen) {
			json_object_set_new(object, "log2_cycles", buckets(row));
			json_object_set_new(object, "seen", json_count(row->seen));
		}
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *witness(const struct witness *w)
{
	json_t *object = json_object();

	json_object_set_new(object, "equal", json_boolean(w->equal));
	json_object_set_new(object, "problem", json_text(w->problem));
	json_object_set_new(object, "kvm_exit", json_count(w->kvm_exit));
	json_object_set_new(object, "stat_exits", json_count(w->stat_exits));
	json_object_set_new(object, "guest", json_count(w->guest));
	json_object_set_new(object, "after", json_count(w->after));
	return object;
}

void json_set_side(json_t *object, const struct side *side)
{
	json_t *counters = json_object();

	json_object_set_new(object, "calibration", calibration(side->result));
	if (side->boot.row)
		json_object_set_new(counters, "boot", counts(&side->boot));
	if (side->before.row)
		json_object_set_new(counters, "before", counts(&side->before));
	if (side->after.row)
		json_object_set_new(counters, "after", counts(&side->after));
	json_object_set_new(object, "counters", counters);
	json_object_set_new(object, "handling", exit_time(&side->exit_time));
	json_object_set_new(object, "witness",
			    side->witness ? witness(side->witness) : json_null());
}

json_t *json_summary(const struct summary *s)
{
	json_t *array = json_array(), *object, *figures;
	const struct sentence *sentence;
	size_t i, j;
	char *text;

	for (i = 0; i < s->sentences; i++) {
		sentence = &s->sentence[i];
		figures = json_array();
		for (j = 0; j < sentence->pieces; j++)
			if (sentence->piece[j].figure)
				json_array_append_new(figures,
						      json_number(sentence->piece[j].value));
		text = sentence_text(sentence);
		object = json_object();
		json_object_set_new(object, "key", json_text(sentence->key));
		json_object_set_new(object, "question", json_text(sentence->question));
		json_object_set_new(object, "text", json_text(text));
		json_object_set_new(object, "figures", figures);
		json_array_append_new(array, object);
		free(text);
	}
	return array;
}

json_t *json_total(const struct per_op_total *t)
{
	json_t *object = json_object(), *repeats = json_array();
	size_t i;

	for (i = 0; i < t->repeats; i++)
		json_array_append_new(repeats, json_number(t->repeat[i]));
	json_object_set_new(object, "est", json_number(t->est));
	json_object_set_new(object, "repeats", repeats);
	return object;
}
