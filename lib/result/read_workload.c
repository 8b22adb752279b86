// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "read.h"

static const char *class_name(int i)
{
	return exitprobe_class_name((enum exitprobe_class)i);
}

static const char *status_name(int i)
{
	return result_status_name((enum result_status)i);
}

static void read_parameters(struct fields *f, struct result_workload *w, struct value *in)
{
	struct value *object = fields_object(f, in, "parameters", OPTIONAL), *value;
	size_t mark = fields_enter(f, "parameters");

	for (value = value_first(object); value; value = value->next)
		if (value->type != VALUE_WHOLE)
			fields_wrong(f, value->key, "is not a whole number");
		else if (result_add_parameter(w, value->key, value->whole))
			fields_fail(f, -ENOMEM, "out of memory");
	fields_leave(f, mark);
}

static void read_band(struct fields *f, struct result_workload *w, struct value *in)
{
	int exit_class = fields_choice(f, in, "class", class_name, EXITPROBE_CLASSES, REQUIRED);
	double low = fields_number(f, in, "low", 0);
	double high = fields_number(f, in, "high", INFINITY);
	char *source = fields_text(f, in, "source", OPTIONAL);

	if (low > high)
		fields_wrong(f, "low", "is above high");
	if (!f->error &&
	    result_add_expectation(w, (enum exitprobe_class)exit_class, low, high, source))
		fields_fail(f, -ENOMEM, "out of memory");
	free(source);
}

static void read_expected(struct fields *f, struct result_workload *w, struct value *in)
{
	struct value *array = fields_array(f, in, "expected", OPTIONAL), *band;
	size_t i = 0, mark;

	for (band = value_first(array); band; band = band->next) {
		mark = fields_enter_index(f, "expected", i++);
		read_band(f, w, band);
		fields_leave(f, mark);
	}
}

static void read_vcpus(struct fields *f, const struct result *r, struct result_sample *s,
		       struct value *in)
{
	struct value *array = fields_array(f, in, "vcpus", OPTIONAL), *value;
	struct result_vcpu *v;
	size_t mark;

	if (!array || !array->count)
		return;
	s->vcpu = calloc(array->count, sizeof(*s->vcpu));
	if (!s->vcpu) {
		fields_fail(f, -ENOMEM, "out of memory");
		return;
	}
	for (value = value_first(array); value; value = value->next) {
		mark = fields_enter_index(f, "vcpus", s->vcpus);
		v = &s->vcpu[s->vcpus++];
		v->cpu = (uint32_t)fields_whole(f, value, "cpu", UINT32_MAX, REQUIRED);
		v->cycles = fields_whole(f, value, "cycles", INT64_MAX, REQUIRED);
		v->exits = read_counts(f, r, value, "exits");
		fields_leave(f, mark);
	}
}

/* r->reasons is complete, but a sample gets an array only if the file has one. */
static void read_sample(struct fields *f, const struct result *r, struct result_sample *s,
			struct value *in)
{
	s->repeat = (uint32_t)fields_whole(f, in, "repeat", UINT32_MAX, REQUIRED);
	s->order = (uint32_t)fields_whole(f, in, "order", UINT32_MAX, OPTIONAL);
	s->ops = fields_whole(f, in, "ops", INT64_MAX, REQUIRED);
	s->cycles = fields_whole(f, in, "cycles", INT64_MAX, REQUIRED);
	s->cpu = (uint32_t)fields_whole(f, in, "cpu", UINT32_MAX, OPTIONAL);
	s->migrated = fields_bool(f, in, "migrated", OPTIONAL);
	s->steal = fields_whole(f, in, "steal", INT64_MAX, OPTIONAL);
	s->usage.minor_faults = fields_whole(f, in, "minor_faults", INT64_MAX, OPTIONAL);
	s->usage.major_faults = fields_whole(f, in, "major_faults", INT64_MAX, OPTIONAL);
	s->usage.voluntary_switches =
		fields_whole(f, in, "voluntary_switches", INT64_MAX, OPTIONAL);
	s->usage.involuntary_switches =
		fields_whole(f, in, "involuntary_switches", INT64_MAX, OPTIONAL);
	s->exits = read_counts(f, r, in, "exits");
	s->busy = read_counts(f, r, in, "busy");
	read_vcpus(f, r, s, in);
}

static void read_samples(struct fields *f, const struct result *r, struct result_workload *w,
			 struct value *in)
{
	struct value *array = fields_array(f, in, "samples", REQUIRED), *sample;
	size_t mark;

	w->sample = calloc(array ? array->count + 1 : 1, sizeof(*w->sample));
	if (!w->sample) {
		fields_fail(f, -ENOMEM, "out of memory");
		return;
	}
	for (sample = value_first(array); sample; sample = sample->next) {
		mark = fields_enter_index(f, "samples", w->samples);
		read_sample(f, r, &w->sample[w->samples++], sample);
		fields_leave(f, mark);
		if (f->error)
			return;
	}
}

static void read_workload(struct fields *f, struct result *r, struct value *in)
{
	struct result_workload *w = result_add_workload(r);

	if (!w) {
		fields_fail(f, -ENOMEM, "out of memory");
		return;
	}
	w->name = fields_text(f, in, "name", REQUIRED);
	w->summary = fields_text(f, in, "summary", OPTIONAL);
	w->op = fields_text(f, in, "op", REQUIRED);
	w->status = (enum result_status)fields_choice(f, in, "status", status_name,
						      RESULT_PARTIAL + 1, REQUIRED);
	w->reason = fields_text(f, in, "reason", OPTIONAL);
	w->control = fields_text(f, in, "control", OPTIONAL);
	w->mechanism = fields_text(f, in, "mechanism", OPTIONAL);
	w->command = fields_text(f, in, "command", OPTIONAL);
	w->output = fields_text(f, in, "words", OPTIONAL);
	read_parameters(f, w, in);
	read_expected(f, w, in);
	read_samples(f, r, w, in);
}

void read_workloads(struct fields *f, struct result *r, struct value *document)
{
	struct value *array = fields_array(f, document, "workloads", REQUIRED), *workload;
	size_t i = 0, mark;

	for (workload = value_first(array); workload; workload = workload->next) {
		mark = fields_enter_index(f, "workloads", i++);
		read_workload(f, r, workload);
		fields_leave(f, mark);
		if (f->error)
			return;
	}
}
