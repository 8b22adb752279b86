// SPDX-License-Identifier: MIT
#include "compare/files.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "result/result.h"

/* More threads than this would only wait for memory. */
#define THREADS 8

struct reading {
	const struct compare_operands *in;
	struct compare_files *files;
	atomic_size_t next;
	pthread_mutex_t lock;
	/* The first unreadable file in the order of the command line, whichever thread met it. */
	size_t wrong;
	int error; /* -EINVAL with a message, or -ENOMEM */
	char message[512];
};

static void fail(struct reading *r, size_t i, int error, const char *message)
{
	pthread_mutex_lock(&r->lock);
	if (!r->error || i < r->wrong) {
		r->wrong = i;
		r->error = error;
		snprintf(r->message, sizeof(r->message), "%s", message);
	}
	pthread_mutex_unlock(&r->lock);
}

static void *worker(void *context)
{
	struct reading *r = context;
	struct result *result;
	char message[512];
	size_t i;

	while ((i = atomic_fetch_add(&r->next, 1)) < r->in->files) {
		result = &r->files->result[i];
		if (result_read(result, r->in->file[i], message, sizeof(message)))
			fail(r, i, -EINVAL, message);
		else if (estimate_classes(&r->files->estimate[i], result))
			fail(r, i, -ENOMEM, "");
		else
			result_forget_samples(result);
	}
	return NULL;
}

/* A thread that cannot be created is one fewer. */
static void work(struct reading *r)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t thread[THREADS];
	size_t i, threads = 0;

	for (i = 1; i < THREADS && (long)i < cpus && i < r->in->files; i++)
		threads += !pthread_create(&thread[threads], NULL, worker, r);
	worker(r);
	for (i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
}

int compare_files_read(struct compare_files *f, const struct compare_operands *in, char *message,
		       size_t size)
{
	struct reading r = { .in = in, .files = f, .lock = PTHREAD_MUTEX_INITIALIZER };

	*f = (struct compare_files){ calloc(in->files, sizeof(*f->result)),
				     calloc(in->files, sizeof(*f->estimate)), in->files };
	if (!f->result || !f->estimate)
		return -ENOMEM;
	work(&r);
	snprintf(message, size, "%s", r.message);
	return r.error;
}

void compare_files_free(struct compare_files *f)
{
	size_t i;

	for (i = 0; i < f->files && f->result && f->estimate; i++) {
		estimate_free(&f->estimate[i]);
		result_free(&f->result[i]);
	}
	free(f->estimate);
	free(f->result);
}

/* 64 bytes of text. */
static const char *value_of(const struct compare_files *f, size_t i, const char *axis, char *text)
{
	const char *value = compare_label_of(&f->estimate[i], axis, text);
	const struct result *r = &f->result[i];
	size_t j;

	for (j = 0; j < r->labels && !value; j++)
		if (compare_names(axis, r->label[j].name))
			value = r->label[j].value;
	return value ? value : "not recorded";
}

static bool differs(const struct compare_files *f, const char *axis)
{
	char one[64], other[64];
	size_t i;

	for (i = 1; i < f->files; i++)
		if (strcmp(value_of(f, 0, axis, one), value_of(f, i, axis, other)))
			return true;
	return false;
}

static const char *find_axis(const struct compare_files *f)
{
	static const char *const axes[] = { "paging", "vendor", "outer_kernel", "guest_kernel",
					    "kernel", "patch",  "pti",          "vcpus",
					    "guests", "suite" };
	size_t i;

	for (i = 0; i < sizeof(axes) / sizeof(*axes); i++)
		if (differs(f, axes[i]))
			return axes[i];
	return NULL;
}

static int group_by(const struct compare_files *f, struct compare_operands *in, const char *axis)
{
	const char *value;
	char text[64];
	size_t i;

	for (i = 0; i < f->files; i++) {
		value = axis ? value_of(f, i, axis, text) : NULL;
		/* A number has no storage but text. */
		if (value == text) {
			value = strdup(text);
			if (!value || operands_keep(in, (char *)value))
				return -ENOMEM;
		}
		if (operands_add(in, value, i))
			return -ENOMEM;
	}
	return 0;
}

int compare_files_group(const struct compare_files *f, struct compare_operands *in)
{
	const char *axis = in->axis;

	if (in->operands)
		return 0;
	if (f->files == 2)
		return group_by(f, in, NULL);
	if (axis && !differs(f, axis))
		return -ENOENT;
	if (!axis)
		axis = find_axis(f);
	in->axis = axis;
	return group_by(f, in, axis);
}
