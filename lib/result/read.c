// SPDX-License-Identifier: MIT
/* The reader: compare and report trust only what it has checked. It ignores unknown keys. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "histograms.h"
#include "load.h"
#include "read.h"

static const char *backend_name(int i)
{
	return exitprobe_backend_name((enum exitprobe_backend)i);
}

static const char *vendor_name(int i)
{
	return exitprobe_vendor_name((enum exitprobe_vendor)i);
}

static const char *paging_name(int i)
{
	return exitprobe_paging_name((enum exitprobe_paging)i);
}

static const char *fingerprint_name(int i)
{
	return exitprobe_fingerprint_name((enum exitprobe_fingerprint)i);
}

static const char *text_of(const struct value *v)
{
	return v && v->type == VALUE_TEXT ? v->text : NULL;
}

static void read_schema(struct fields *f, struct result *r, struct value *document)
{
	struct value *schema = value_get(document, "schema");
	const char *id = text_of(value_get(schema, "id"));
	const char *version = text_of(value_get(schema, "version"));

	if (!id || strcmp(id, RESULT_SCHEMA)) {
		fields_fail(f, -EINVAL,
			    "is JSON but not a result file (schema.id is not \"%s\"): give a file "
			    "that 'suite run' wrote",
			    RESULT_SCHEMA);
	} else if (!version || sscanf(version, "%u.%u", &r->major, &r->minor) != 2) {
		fields_wrong(f, "schema.version", "is not a version like \"%d.%d\"", RESULT_MAJOR,
			     RESULT_MINOR);
	} else if (r->major != RESULT_MAJOR) {
		fields_fail(f, -EPROTO,
			    "schema version %.20s is not one that this program reads (%d.x): use "
			    "the suite that wrote it, or a newer one",
			    version, RESULT_MAJOR);
	}
}

static void read_labels(struct fields *f, struct result *r, struct value *document)
{
	struct value *object = fields_object(f, document, "environment", OPTIONAL), *value;
	size_t mark = fields_enter(f, "environment");

	for (value = value_first(object); value; value = value->next)
		if (value->type != VALUE_TEXT)
			fields_wrong(f, value->key, "is not a string");
		else if (result_add_label(r, value->key, "%s", value->text))
			fields_fail(f, -ENOMEM, "out of memory");
	fields_leave(f, mark);
}

static uint32_t small(struct fields *f, struct value *in, const char *key)
{
	return (uint32_t)fields_whole(f, in, key, UINT32_MAX, OPTIONAL);
}

static void read_probe(struct fields *f, struct result *r, struct value *document)
{
	struct value *in = fields_object(f, document, "probe", REQUIRED);
	size_t mark = fields_enter(f, "probe");

	if (in) {
		r->backend = (enum exitprobe_backend)fields_choice(f, in, "backend", backend_name,
								   EXITPROBE_BACKENDS, REQUIRED);
		r->vendor = (enum exitprobe_vendor)fields_choice(f, in, "vendor", vendor_name,
								 EXITPROBE_SVM + 1, REQUIRED);
		r->paging = (enum exitprobe_paging)fields_choice(f, in, "paging", paging_name,
								 EXITPROBE_SHADOW + 1, REQUIRED);
		r->fingerprint = (enum exitprobe_fingerprint)fields_choice(
			f, in, "fingerprint", fingerprint_name, EXITPROBE_LOOKS_MIXED + 1,
			OPTIONAL);
		r->paging_source = fields_text(f, in, "paging_source", OPTIONAL);
		r->why = fields_text(f, in, "why", OPTIONAL);
		r->abi = small(f, in, "abi");
		r->vcpus = small(f, in, "vcpus");
		r->instance = small(f, in, "instance");
		r->host_tsc_khz = small(f, in, "host_tsc_khz");
		r->counts_l2 = fields_bool(f, in, "counts_l2", OPTIONAL);
	}
	fields_leave(f, mark);
}

static void read_calibration(struct fields *f, struct result *r, struct value *document)
{
	struct value *in = fields_object(f, document, "calibration", OPTIONAL);
	struct result_calibration *c = &r->calibration;
	size_t mark = fields_enter(f, "calibration");

	c->tsc_khz = fields_number(f, in, "tsc_khz", 0);
	if (c->tsc_khz < 0)
		fields_wrong(f, "tsc_khz", "is negative");
	c->brackets = small(f, in, "brackets");
	c->brackets_exact = small(f, in, "brackets_exact");
	c->bracket_cost = small(f, in, "bracket_cost");
	c->clock_exits = small(f, in, "clock_exits");
	fields_leave(f, mark);
}

static void read_head(struct fields *f, struct result *r, struct value *document)
{
	struct value *tool = fields_object(f, document, "tool", OPTIONAL);
	struct value *plan = fields_object(f, document, "plan", OPTIONAL);
	size_t mark;

	r->complete = fields_bool(f, document, "complete", REQUIRED);
	r->started = fields_text(f, document, "started", OPTIONAL);
	mark = fields_enter(f, "tool");
	r->tool_version = fields_text(f, tool, "version", OPTIONAL);
	fields_leave(f, mark);
	mark = fields_enter(f, "plan");
	r->seed = fields_whole(f, plan, "seed", INT64_MAX, OPTIONAL);
	r->repeat = small(f, plan, "repeat");
	fields_leave(f, mark);
}

static void read_counters(struct fields *f, struct result *r, struct value *document)
{
	struct value *counters = fields_object(f, document, "counters", OPTIONAL);
	size_t mark = fields_enter(f, "counters");

	r->before = read_counts(f, r, counters, "before");
	r->after = read_counts(f, r, counters, "after");
	r->before_seconds = fields_number(f, counters, "before_seconds", 0);
	r->after_seconds = fields_number(f, counters, "after_seconds", 0);
	fields_leave(f, mark);
}

static void read_listing(struct fields *f, struct result *r, struct value *document)
{
	struct value *in = fields_object(f, document, "listing", OPTIONAL), *total;
	size_t mark;

	if (!in)
		return;
	r->dump = calloc(1, sizeof(*r->dump));
	if (!r->dump) {
		fields_fail(f, -ENOMEM, "out of memory");
		return;
	}
	mark = fields_enter(f, "listing");
	r->dump->source = fields_text(f, in, "source", REQUIRED);
	r->dump->readings = fields_whole(f, in, "readings", INT64_MAX, OPTIONAL);
	total = fields_object(f, in, "total", OPTIONAL);
	if (total) {
		fields_enter(f, "total");
		r->dump->has_total = true;
		r->dump->total_first = fields_whole(f, total, "first", INT64_MAX, REQUIRED);
		r->dump->total_last = fields_whole(f, total, "last", INT64_MAX, REQUIRED);
	}
	fields_leave(f, mark);
}

static void read_all(struct fields *f, struct result *r, struct value *document)
{
	read_schema(f, r, document);
	if (f->error)
		return;
	read_head(f, r, document);
	read_labels(f, r, document);
	read_probe(f, r, document);
	read_calibration(f, r, document);
	if (f->error)
		return;
	read_reasons(f, r, document);
	read_counters(f, r, document);
	read_listing(f, r, document);
	histograms_read(f, r, document);
	read_workloads(f, r, document);
}

int result_read(struct result *r, const char *path, char *message, size_t size)
{
	struct fields f = { .file = path, .message = message, .size = size };
	struct loaded loaded;
	struct value *document = load_document(&f, &loaded);

	*r = (struct result){ 0 };
	if (document)
		read_all(&f, r, document);
	load_free(&loaded);
	if (!f.error)
		r->path = strdup(path);
	if (f.error)
		result_free(r);
	return f.error;
}
