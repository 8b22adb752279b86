// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"

/* Room for one more element of a list that grows by doubling; NULL if out of memory. */
static void *grow(void *list, size_t n, size_t size)
{
	/* The list is full only at a power of two. */
	if (n & (n - 1))
		return list;
	return reallocarray(list, n ? 2 * n : 1, size);
}

struct result_workload *result_add_workload(struct result *r)
{
	struct result_workload *list = grow(r->workload, r->workloads, sizeof(*list));

	if (!list)
		return NULL;
	r->workload = list;
	list += r->workloads++;
	memset(list, 0, sizeof(*list));
	return list;
}

struct result_sample *result_add_sample(struct result *r, struct result_workload *w)
{
	struct result_sample *list = grow(w->sample, w->samples, sizeof(*list));
	bool counting = r->reasons && r->backend != EXITPROBE_NONE;

	if (!list)
		return NULL;
	w->sample = list;
	list += w->samples;
	memset(list, 0, sizeof(*list));
	if (counting) {
		list->exits = calloc(r->reasons, sizeof(*list->exits));
		list->busy = calloc(r->reasons, sizeof(*list->busy));
	}
	w->samples++;
	if (!counting || (list->exits && list->busy))
		return list;
	result_drop_sample(w);
	return NULL;
}

static void free_vcpus(struct result_sample *s)
{
	while (s->vcpus)
		free(s->vcpu[--s->vcpus].exits);
	free(s->vcpu);
	s->vcpu = NULL;
}

int result_add_vcpus(const struct result *r, struct result_sample *s, size_t n)
{
	s->vcpu = calloc(n, sizeof(*s->vcpu));
	if (!s->vcpu)
		return -ENOMEM;
	for (; s->vcpus < n; s->vcpus++) {
		if (!s->exits)
			continue;
		s->vcpu[s->vcpus].exits = calloc(r->reasons, sizeof(*s->vcpu->exits));
		if (!s->vcpu[s->vcpus].exits) {
			free_vcpus(s);
			return -ENOMEM;
		}
	}
	return 0;
}

void result_drop_sample(struct result_workload *w)
{
	if (!w->samples)
		return;
	w->samples--;
	free(w->sample[w->samples].exits);
	free(w->sample[w->samples].busy);
	w->sample[w->samples].exits = NULL;
	w->sample[w->samples].busy = NULL;
	free_vcpus(&w->sample[w->samples]);
}

int result_add_label(struct result *r, const char *name, const char *format, ...)
{
	struct result_label *list = grow(r->label, r->labels, sizeof(*list));
	struct result_label label;
	va_list args;
	int length;

	if (!list)
		return -ENOMEM;
	r->label = list;
	va_start(args, format);
	length = vasprintf(&label.value, format, args);
	va_end(args);
	if (length < 0)
		return -ENOMEM;
	label.name = strdup(name);
	if (!label.name) {
		free(label.value);
		return -ENOMEM;
	}
	list[r->labels++] = label;
	return 0;
}

int result_add_parameter(struct result_workload *w, const char *name, int64_t value)
{
	struct result_parameter *list = grow(w->parameter, w->parameters, sizeof(*list));
	char *copy = strdup(name);

	if (list)
		w->parameter = list;
	if (!list || !copy) {
		free(copy);
		return -ENOMEM;
	}
	list += w->parameters++;
	list->name = copy;
	list->value = value;
	return 0;
}

int result_add_expectation(struct result_workload *w, enum exitprobe_class exit_class, double low,
			   double high, const char *source)
{
	struct result_expectation *list = grow(w->expectation, w->expectations, sizeof(*list));
	char *copy = strdup(source ? source : "");

	if (list)
		w->expectation = list;
	if (!list || !copy) {
		free(copy);
		return -ENOMEM;
	}
	list += w->expectations++;
	list->exit_class = exit_class;
	list->low = low;
	list->high = high;
	list->source = copy;
	return 0;
}

const char *result_label(const struct result *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->labels; i++)
		if (!strcmp(r->label[i].name, name))
			return r->label[i].value;
	return NULL;
}

uint64_t result_exits(const struct result *r)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; r->after && i < r->reasons; i++)
		sum += r->after[i];
	if (r->dump && r->dump->has_total && r->dump->total_last > sum)
		return r->dump->total_last;
	return sum;
}

const struct result_workload *result_find(const struct result *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->workloads; i++)
		if (r->workload[i].name && !strcmp(r->workload[i].name, name))
			return &r->workload[i];
	return NULL;
}

const char *result_status_name(enum result_status status)
{
	static const char *const names[] = {
		[RESULT_DONE] = "done",
		[RESULT_SKIPPED] = "skipped",
		[RESULT_FAILED] = "failed",
		[RESULT_PARTIAL] = "partial",
	};

	return (unsigned int)status < sizeof(names) / sizeof(*names) ? names[status] : NULL;
}

static void forget(struct result_workload *w)
{
	while (w->samples)
		result_drop_sample(w);
	free(w->sample);
	w->sample = NULL;
}

void result_forget_samples(struct result *r)
{
	size_t i;

	for (i = 0; i < r->workloads; i++)
		forget(&r->workload[i]);
}

static void free_workload(struct result_workload *w)
{
	size_t i;

	for (i = 0; i < w->parameters; i++)
		free(w->parameter[i].name);
	for (i = 0; i < w->expectations; i++)
		free(w->expectation[i].source);
	forget(w);
	free(w->parameter);
	free(w->expectation);
	free(w->name);
	free(w->summary);
	free(w->op);
	free(w->control);
	free(w->mechanism);
	free(w->command);
	free(w->output);
	free(w->reason);
}

void result_free(struct result *r)
{
	size_t i;

	for (i = 0; i < r->workloads; i++)
		free_workload(&r->workload[i]);
	for (i = 0; i < r->labels; i++) {
		free(r->label[i].name);
		free(r->label[i].value);
	}
	if (r->dump)
		free(r->dump->source);
	free(r->dump);
	free(r->workload);
	free(r->label);
	free(r->reason);
	free(r->before);
	free(r->after);
	free(r->histogram);
	free(r->path);
	free(r->tool_version);
	free(r->started);
	free(r->paging_source);
	free(r->why);
	*r = (struct result){ 0 };
}
