// SPDX-License-Identifier: MIT
#include "compare/files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "result/result.h"

/* More threads than this only wait for the memory. */
#define THREADS 8

struct reading {
	const struct compare_options *options;
	struct compare_files *files;
	atomic_size_t next;
	pthread_mutex_t lock;
	/* The first file in the order of the command line that is wrong, whoever met it. */
	size_t wrong;
	int status;
	char message[512];
};

static void fail(struct reading *r, size_t i, int status, const char *message)
{
	pthread_mutex_lock(&r->lock);
	if (!r->status || i < r->wrong) {
		r->wrong = i;
		r->status = status;
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

	while ((i = atomic_fetch_add(&r->next, 1)) < r->options->files) {
		result = &r->files->result[i];
		if (result_read(result, r->options->file[i], message, sizeof(message)))
			fail(r, i, EXIT_USAGE, message);
		else if (estimate_classes(&r->files->estimate[i], result))
			fail(r, i, EXIT_ENVIRONMENT, "out of memory");
		else
			result_forget_samples(result);
	}
	return NULL;
}

/* A thread that cannot be had is one fewer. */
static void work(struct reading *r)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t thread[THREADS];
	size_t i, threads = 0;

	for (i = 1; i < THREADS && (long)i < cpus && i < r->options->files; i++)
		threads += !pthread_create(&thread[threads], NULL, worker, r);
	worker(r);
	for (i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
}

int compare_files_read(struct compare_files *f, const struct compare_options *o)
{
	struct reading r = { .options = o, .files = f, .lock = PTHREAD_MUTEX_INITIALIZER };

	*f = (struct compare_files){ calloc(o->files, sizeof(*f->result)),
				     calloc(o->files, sizeof(*f->estimate)), o->files };
	if (!f->result || !f->estimate)
		return complain(EXIT_ENVIRONMENT, "compare: out of memory");
	work(&r);
	return r.status ? complain(r.status, "compare: %s", r.message) : EXIT_DONE;
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
	const char *value = compare_fact_of(&f->estimate[i], axis, text);
	const struct result *r = &f->result[i];
	size_t j;

	for (j = 0; j < r->facts && !value; j++)
		if (compare_names(axis, r->fact[j].name))
			value = r->fact[j].value;
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

static int group_by(const struct compare_files *f, struct compare_options *o, const char *axis)
{
	const char *value;
	char text[64];
	char *copy;
	size_t i;

	for (i = 0; i < f->files; i++) {
		value = axis ? value_of(f, i, axis, text) : NULL;
		/* A number lives in text only. */
		copy = value == text ? strdup(text) : NULL;
		if (copy) {
			char **own = reallocarray(o->own, o->owned + 1, sizeof(*own));

			if (!own) {
				free(copy);
				return complain(EXIT_ENVIRONMENT, "compare: out of memory");
			}
			o->own = own;
			own[o->owned++] = copy;
		}
		if (compare_options_add(o, copy ? copy : value, i))
			return complain(EXIT_ENVIRONMENT, "compare: out of memory");
	}
	return EXIT_DONE;
}

int compare_files_group(const struct compare_files *f, struct compare_options *o)
{
	const char *axis = o->axis;

	if (o->sides)
		return EXIT_DONE;
	if (f->files == 2)
		return group_by(f, o, NULL);
	if (axis && !differs(f, axis))
		return complain(EXIT_USAGE,
				"compare: --axis %s: the files do not differ in that; leave it out "
				"to see what differs",
				axis);
	if (!axis)
		axis = find_axis(f);
	o->axis = axis;
	return group_by(f, o, axis);
}
