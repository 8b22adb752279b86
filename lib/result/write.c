// SPDX-License-Identifier: MIT
/*
 * The writer. One line per sample, so that files can be read and compared line by line; keys are
 * ordered as in docs/result.schema.json.
 */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "histograms.h"
#include "json.h"
#include "output.h"
#include "result.h"
#include "utf8.h"

/* 15 digits, so that 1.005 on a command line is written as 1.005. */
#define FLAGS (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

static void set_text(json_t *object, const char *key, const char *s)
{
	if (s)
		json_object_set_new(object, key, json_text(s));
}

static json_t *counts(const struct result *r, const uint64_t *count)
{
	json_t *object = json_object();
	char key[24];
	size_t i;

	for (i = 0; i < r->reasons; i++)
		if (count[i])
			json_object_set_new(object, exitprobe_key(r->vendor, r->reason[i], key),
					    json_count(count[i]));
	return object;
}

static void set_counts(json_t *object, const char *key, const struct result *r,
		       const uint64_t *count)
{
	if (count && r->backend != EXITPROBE_NONE)
		json_object_set_new(object, key, counts(r, count));
}

static json_t *schema(void)
{
	char version[24];

	snprintf(version, sizeof(version), "%d.%d", RESULT_MAJOR, RESULT_MINOR);
	return json_pack("{s:s, s:s}", "id", RESULT_SCHEMA, "version", version);
}

/* Labels come from a command line, so their keys must be cleaned too. */
static json_t *environment(const struct result *r)
{
	json_t *object = json_object();
	size_t i, length;
	char *name;

	for (i = 0; i < r->labels; i++) {
		name = utf8_clean(r->label[i].name, strlen(r->label[i].name), &length);
		if (name)
			set_text(object, name, r->label[i].value);
		free(name);
	}
	return object;
}

/* The probe reports 0 for what it does not know. */
static void set_known(json_t *object, const char *key, uint32_t value)
{
	if (value)
		json_object_set_new(object, key, json_count(value));
}

static json_t *probe(const struct result *r)
{
	json_t *object = json_pack(
		"{s:s, s:s, s:s, s:o}", "backend", exitprobe_backend_name(r->backend), "vendor",
		exitprobe_vendor_name(r->vendor), "paging", exitprobe_paging_name(r->paging),
		"paging_source", json_text(r->paging_source ? r->paging_source : "not available"));

	if (r->backend == EXITPROBE_NONE) {
		set_text(object, "why", r->why ? r->why : "not recorded");
		return object;
	}
	json_object_set_new(object, "fingerprint",
			    json_string(exitprobe_fingerprint_name(r->fingerprint)));
	set_known(object, "abi", r->abi);
	set_known(object, "vcpus", r->vcpus);
	set_known(object, "instance", r->instance);
	set_known(object, "host_tsc_khz", r->host_tsc_khz);
	json_object_set_new(object, "counts_l2", json_boolean(r->counts_l2));
	return object;
}

static json_t *calibration(const struct result *r)
{
	const struct result_calibration *c = &r->calibration;
	json_t *object = json_object();

	if (isfinite(c->tsc_khz) && c->tsc_khz > 0)
		json_object_set_new(object, "tsc_khz", json_real(c->tsc_khz));
	if (r->backend == EXITPROBE_NONE || !c->brackets)
		return object;
	json_object_set_new(object, "brackets", json_count(c->brackets));
	json_object_set_new(object, "brackets_exact", json_count(c->brackets_exact));
	json_object_set_new(object, "bracket_cost", json_count(c->bracket_cost));
	json_object_set_new(object, "clock_exits", json_count(c->clock_exits));
	return object;
}

static void set_seconds(json_t *object, const char *key, const struct result *r, double seconds)
{
	if (seconds > 0 && r->backend != EXITPROBE_NONE)
		json_object_set_new(object, key, json_real(seconds));
}

static json_t *counters(const struct result *r)
{
	json_t *object = json_object();

	set_counts(object, "before", r, r->before);
	set_counts(object, "after", r, r->after);
	set_seconds(object, "before_seconds", r, r->before_seconds);
	set_seconds(object, "after_seconds", r, r->after_seconds);
	return object;
}

static json_t *dump(const struct result_dump *l)
{
	json_t *object = json_pack("{s:o, s:o}", "source", json_text(l->source ? l->source : ""),
				   "readings", json_count(l->readings));

	if (l->has_total)
		json_object_set_new(object, "total",
				    json_pack("{s:o, s:o}", "first", json_count(l->total_first),
					      "last", json_count(l->total_last)));
	return object;
}

static json_t *expected(const struct result_workload *w)
{
	json_t *array = json_array(), *band;
	const struct result_expectation *e;
	size_t i;

	for (i = 0; i < w->expectations; i++) {
		e = &w->expectation[i];
		band = json_pack("{s:s, s:f}", "class", exitprobe_class_name(e->exit_class), "low",
				 e->low);
		if (isfinite(e->high))
			json_object_set_new(band, "high", json_real(e->high));
		set_text(band, "source", e->source);
		json_array_append_new(array, band);
	}
	return array;
}

/* All of a workload except its samples. */
static json_t *workload(const struct result_workload *w)
{
	const char *name = w->name ? w->name : "";
	json_t *object = json_object();

	set_text(object, "name", name);
	json_object_set_new(object, "family", json_stringn(name, strcspn(name, ".")));
	set_text(object, "summary", w->summary ? w->summary : "");
	set_text(object, "op", w->op ? w->op : "");
	json_object_set_new(object, "status", json_string(result_status_name(w->status)));
	set_text(object, "reason", w->reason);
	set_text(object, "control", w->control);
	set_text(object, "mechanism", w->mechanism);
	set_text(object, "command", w->command);
	set_text(object, "words", w->output);
	json_object_set_new(object, "parameters", json_parameters(w));
	json_object_set_new(object, "expected", expected(w));
	return object;
}

static json_t *vcpus(const struct result *r, const struct result_sample *s)
{
	json_t *array = json_array(), *object;
	size_t i;

	for (i = 0; i < s->vcpus; i++) {
		object = json_object();
		json_object_set_new(object, "cpu", json_count(s->vcpu[i].cpu));
		json_object_set_new(object, "cycles", json_count(s->vcpu[i].cycles));
		set_counts(object, "exits", r, s->vcpu[i].exits);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *sample(const struct result *r, const struct result_sample *s)
{
	json_t *object = json_object();

	json_object_set_new(object, "repeat", json_count(s->repeat));
	json_object_set_new(object, "order", json_count(s->order));
	json_object_set_new(object, "ops", json_count(s->ops));
	json_object_set_new(object, "cycles", json_count(s->cycles));
	json_object_set_new(object, "cpu", json_count(s->cpu));
	json_object_set_new(object, "migrated", json_boolean(s->migrated));
	json_object_set_new(object, "steal", json_count(s->steal));
	json_object_set_new(object, "minor_faults", json_count(s->usage.minor_faults));
	json_object_set_new(object, "major_faults", json_count(s->usage.major_faults));
	json_object_set_new(object, "voluntary_switches", json_count(s->usage.voluntary_switches));
	json_object_set_new(object, "involuntary_switches",
			    json_count(s->usage.involuntary_switches));
	set_counts(object, "exits", r, s->exits);
	set_counts(object, "busy", r, s->busy);
	if (s->vcpus)
		json_object_set_new(object, "vcpus", vcpus(r, s));
	return object;
}

/* Takes ownership of the value. */
static int put(FILE *f, const char *before, json_t *value)
{
	int ret;

	if (!value)
		return -ENOMEM;
	fputs(before, f);
	errno = 0;
	ret = json_dumpf(value, f, FLAGS);
	if (ret || ferror(f))
		ret = errno ? -errno : -EIO;
	json_decref(value);
	return ret;
}

static int put_workload(FILE *f, const struct result *r, const struct result_workload *w)
{
	json_t *object = workload(w);
	char *head = json_dumps(object, FLAGS);
	size_t i;
	int ret = 0;

	json_decref(object);
	if (!head)
		return -ENOMEM;
	/* Leave the object open: its samples follow on lines of their own. */
	head[strlen(head) - 1] = 0;
	fprintf(f, "%s,\"samples\":[", head);
	free(head);
	for (i = 0; i < w->samples && !ret; i++)
		ret = put(f, i ? ",\n" : "\n", sample(r, &w->sample[i]));
	fputs(w->samples ? "\n]}" : "]}", f);
	return ret;
}

static int put_all(FILE *f, const struct result *r)
{
	size_t i;
	int ret;

	ret = put(f, "{\n\"schema\":", schema());
	ret = ret ? ret : put(f, ",\n\"complete\":", json_boolean(r->complete));
	ret = ret ? ret
		  : put(f, ",\n\"tool\":",
			json_pack("{s:s, s:o}", "name", "kvm-exit-suite", "version",
				  json_text(r->tool_version ? r->tool_version : "")));
	ret = ret ? ret : put(f, ",\n\"started\":", json_text(r->started ? r->started : ""));
	ret = ret ? ret : put(f, ",\n\"environment\":", environment(r));
	ret = ret ? ret : put(f, ",\n\"probe\":", probe(r));
	ret = ret ? ret : put(f, ",\n\"calibration\":", calibration(r));
	ret = ret ? ret
		  : put(f, ",\n\"plan\":",
			json_pack("{s:o, s:o}", "seed", json_count(r->seed), "repeat",
				  json_count(r->repeat)));
	ret = ret ? ret : put(f, ",\n\"counters\":", counters(r));
	if (r->dump)
		ret = ret ? ret : put(f, ",\n\"listing\":", dump(r->dump));
	if (r->histogram && r->backend != EXITPROBE_NONE)
		ret = ret ? ret : put(f, ",\n\"histograms\":", histograms_json(r));
	fputs(",\n\"workloads\":[", f);
	for (i = 0; i < r->workloads && !ret; i++) {
		fputs(i ? ",\n" : "\n", f);
		ret = put_workload(f, r, &r->workload[i]);
	}
	fputs("\n]\n}\n", f);
	return ret;
}

int result_write_stream(const struct result *r, FILE *f)
{
	return put_all(f, r);
}

int result_write(const struct result *r, const char *path, char *message, size_t size)
{
	struct output o;
	int ret;

	ret = output_open(&o, path, message, size);
	if (ret)
		return ret;
	ret = put_all(o.file, r);
	if (!ret)
		return output_commit(&o, path, message, size);
	output_abandon(&o);
	return output_explain(path, ret, message, size);
}

int result_writable(const char *path, char *message, size_t size)
{
	return output_possible(path, message, size);
}
