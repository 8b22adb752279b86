// SPDX-License-Identifier: MIT
#include "result/witness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"

char *witness_beside(const char *path, const char *prefix)
{
	const char *name = strrchr(path, '/');
	char *witness = NULL;

	name = name ? name + 1 : path;
	return asprintf(&witness, "%.*s%s-%s", (int)(name - path), path, prefix, name) < 0
		       ? NULL
		       : witness;
}

static uint64_t count_of(const struct result *r, const uint64_t *count, uint32_t code)
{
	size_t i;

	for (i = 0; i < r->reasons; i++)
		if (r->reason[i] == code)
			return count[i];
	return 0;
}

/* It read the guest after the file's last reading, so no count can be smaller. */
static void check_guest(struct fields *f, const struct result *r, struct value *guest)
{
	enum exitprobe_vendor vendor;
	struct value *value;
	uint64_t seen;
	uint32_t code;

	for (value = value_first(guest); value; value = value->next) {
		if (exitprobe_parse_key(value->key, &vendor, &code) || vendor != r->vendor) {
			fields_wrong(f, value->key,
				     "belongs to another vendor than the result file");
			return;
		}
		seen = fields_whole(f, guest, value->key, INT64_MAX, REQUIRED);
		if (r->after && seen < count_of(r, r->after, code))
			fields_fail(f, -EINVAL,
				    "is not of this run: it saw fewer exits of %s than the result "
				    "file contains; move it away",
				    value->key);
	}
}

static void read_totals(struct fields *f, struct witness *w, struct value *document)
{
	struct value *total = fields_object(f, document, "total", REQUIRED);
	size_t mark = fields_enter(f, "total");

	if (total) {
		w->kvm_exit = fields_whole(f, total, "kvm_exit", INT64_MAX, REQUIRED);
		w->stat_exits = fields_whole(f, total, "stat_exits", INT64_MAX, OPTIONAL);
		w->guest = fields_whole(f, total, "guest", INT64_MAX, REQUIRED);
		w->after = fields_whole(f, total, "after", INT64_MAX, OPTIONAL);
	}
	fields_leave(f, mark);
}

static void read_document(struct fields *f, struct witness *w, const struct result *r,
			  struct value *document)
{
	struct value *problem = value_get(document, "problem");

	w->equal = fields_bool(f, document, "equal", REQUIRED);
	if (problem && problem->type != VALUE_NULL)
		w->problem = fields_text(f, document, "problem", OPTIONAL);
	read_totals(f, w, document);
	check_guest(f, r, fields_object(f, document, "guest", REQUIRED));
}

int witness_read(struct witness *w, const struct result *r, char *message, size_t size)
{
	struct fields f = { .message = message, .size = size };
	struct value *document;
	struct loaded loaded;

	*w = (struct witness){ 0 };
	if (!r->path || !strcmp(r->path, "-"))
		return -ENOENT;
	w->path = witness_beside(r->path, "witness");
	if (!w->path)
		return -ENOMEM;
	if (access(w->path, F_OK))
		return -ENOENT;
	f.file = w->path;
	document = load_document(&f, &loaded);
	if (document)
		read_document(&f, w, r, document);
	load_free(&loaded);
	return f.error;
}

void witness_free(struct witness *w)
{
	free(w->path);
	free(w->problem);
	*w = (struct witness){ 0 };
}
