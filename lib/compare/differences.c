// SPDX-License-Identifier: MIT
/* The labels that differ between the sides, and which of them is the intended one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "result/utf8.h"

#define VALUE 64

static const char *number(unsigned long value, char *text)
{
	if (!value)
		return NULL;
	snprintf(text, VALUE, "%lu", value);
	return text;
}

/* What the hypervisor said, else what the counts look like. */
static const char *paging(const struct estimate *e)
{
	const struct result *r = e->result;

	if (r->paging != EXITPROBE_PAGING_UNKNOWN || r->backend == EXITPROBE_NONE ||
	    e->fingerprint == EXITPROBE_LOOKS_UNDECIDED)
		return exitprobe_paging_name(r->paging);
	return exitprobe_fingerprint_name(e->fingerprint);
}

static const char *probe_fact(const struct estimate *e, const char *name, char *text)
{
	const struct result *r = e->result;

	if (!strcmp(name, "paging"))
		return paging(e);
	if (!strcmp(name, "vendor"))
		return exitprobe_vendor_name(r->vendor);
	if (!strcmp(name, "counters"))
		return exitprobe_backend_name(r->backend);
	if (!strcmp(name, "abi"))
		return number(r->abi, text);
	if (!strcmp(name, "vcpus"))
		return number(r->vcpus, text);
	if (!strcmp(name, "repeats"))
		return number(r->repeat, text);
	if (!strcmp(name, "suite"))
		return r->tool_version;
	return NULL;
}

static const char *const probe_labels[] = { "paging", "vendor",  "counters", "abi",
					    "vcpus",  "repeats", "suite" };

#define PROBE_LABELS (sizeof(probe_labels) / sizeof(*probe_labels))

const char *compare_label_of(const struct estimate *e, const char *name, char *text)
{
	const char *value = probe_fact(e, name, text);

	return value ? value : result_label(e->result, name);
}

bool compare_names(const char *axis, const char *label)
{
	size_t length = strlen(label), tail = strlen(axis);

	if (!strcmp(axis, label))
		return true;
	return length > tail && label[length - tail - 1] == '_' &&
	       !strcmp(label + length - tail, axis);
}

/* The value of one side: "off", or "off or on" where its files do not agree. Returns whether they
 * do. */
static bool side_value(const struct compare_group *g, const char *name, char *text)
{
	char one[VALUE], clean[VALUE];
	const char *value;
	bool agree = true;
	size_t i, length;

	text[0] = 0;
	for (i = 0; i < g->files; i++) {
		value = compare_label_of(g->file[i], name, one);
		utf8_printable(value ? value : "not recorded", clean, sizeof(clean));
		length = strlen(text);
		if (!i) {
			strcpy(text, clean);
		} else if (agree && strcmp(text, clean)) {
			agree = false;
			snprintf(text + length, VALUE - length, " or %s", clean);
		}
	}
	return agree;
}

static void add(struct compare *c, const char *name)
{
	struct compare_label *f = &c->label[c->labels];
	size_t i;
	bool agree;

	for (i = 0; i < c->labels; i++)
		if (!strcmp(c->label[i].name, name))
			return;
	agree = side_value(&c->a, name, f->a);
	agree &= side_value(&c->b, name, f->b);
	f->within = !agree;
	f->name = name;
	c->labels += !agree || strcmp(f->a, f->b);
}

static void add_environment(struct compare *c, const struct compare_group *g)
{
	const struct result *r;
	size_t i, j;

	for (i = 0; i < g->files; i++) {
		r = g->file[i]->result;
		for (j = 0; j < r->labels; j++)
			/* Once: a label of the first file has been compared in all files already.
			 */
			if (!i || !result_label(g->file[0]->result, r->label[j].name))
				add(c, r->label[j].name);
	}
}

static size_t most_labels(const struct compare_group *g)
{
	size_t i, n = 0;

	for (i = 0; i < g->files; i++)
		n += g->file[i]->result->labels;
	return n;
}

static const struct compare_label *find(const struct compare *c, const char *name, bool alias)
{
	size_t i;

	for (i = 0; i < c->labels; i++)
		if (!c->label[i].within && (alias ? compare_names(name, c->label[i].name)
						  : !strcmp(name, c->label[i].name)))
			return &c->label[i];
	return NULL;
}

static bool is_there(const struct compare *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->labels; i++)
		if (compare_names(name, c->label[i].name))
			return true;
	return false;
}

int compare_labels(struct compare *c, const char *axis)
{
	size_t i;

	c->label = calloc(most_labels(&c->a) + most_labels(&c->b) + PROBE_LABELS + 1,
			  sizeof(*c->label));
	if (!c->label)
		return -ENOMEM;
	for (i = 0; i < PROBE_LABELS; i++)
		add(c, probe_labels[i]);
	add_environment(c, &c->a);
	add_environment(c, &c->b);
	if (axis) {
		c->axis = find(c, axis, false);
		if (!c->axis)
			c->axis = find(c, axis, true);
		return c->axis || is_there(c, axis) ? 0 : -ENOENT;
	}
	c->axis = find(c, "paging", false);
	if (!c->axis)
		c->axis = find(c, "vendor", false);
	if (!c->axis && c->labels == 1 && !c->label->within)
		c->axis = c->label;
	return 0;
}
