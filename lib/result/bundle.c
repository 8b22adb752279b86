// SPDX-License-Identifier: MIT
#include "result/bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Takes the path over. */
static int add_path(struct bundles *b, char *path, char *message, size_t size)
{
	char **longer;

	if (b->n == b->most) {
		free(path);
		snprintf(message, size,
			 "more than %zu result files: 'suite compare' takes any number", b->most);
		return -EINVAL;
	}
	longer = path ? reallocarray(b->path, b->n + 1, sizeof(*longer)) : NULL;
	if (!longer) {
		free(path);
		return -ENOMEM;
	}
	b->path = longer;
	longer[b->n++] = path;
	return 0;
}

/* A file of the laboratory, when it exists. boot: 0 is the only one. */
static int add_if_found(struct bundles *b, const char *folder, const char *name, size_t boot,
			char *message, size_t size)
{
	char number[24] = "", *path;

	if (boot)
		snprintf(number, sizeof(number), "-%zu", boot);
	if (asprintf(&path, "%s/%s%s.json", folder, name, number) < 0)
		path = NULL;
	if (!path || !access(path, F_OK))
		return add_path(b, path, message, size);
	free(path);
	return 0;
}

/* What the laboratory left in a folder: a file for each paging mode, or for its first boots. */
static int add_folder(struct bundles *b, const char *folder, char *message, size_t size)
{
	static const char *const names[] = { "nested", "shadow" };
	size_t i, boot, before = b->n;
	int ret = 0;

	for (i = 0; i < 2; i++)
		for (boot = 0; boot <= b->most / 2 && !ret; boot++)
			ret = add_if_found(b, folder, names[i], boot, message, size);
	if (!ret && b->n == before) {
		snprintf(message, size,
			 "the folder '%s' has no nested.json or shadow.json: name the result files",
			 folder);
		ret = -EINVAL;
	}
	return ret;
}

int bundles_add(struct bundles *b, const char *path, char *message, size_t size)
{
	struct stat st;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return add_folder(b, path, message, size);
	return add_path(b, strdup(path), message, size);
}

static int read_boot(struct result *boot, const struct result *r, char *message, size_t size)
{
	char *path = strcmp(r->path, "-") ? witness_beside(r->path, "boot") : NULL;
	int ret = 0;

	if (!path || access(path, F_OK))
		goto out;
	if (result_read(boot, path, message, size)) {
		ret = -EINVAL;
	} else if (boot->vendor != r->vendor || boot->instance != r->instance) {
		snprintf(message, size,
			 "%s was recorded in a different VM than %s; move or remove it", path,
			 r->path);
		ret = -EINVAL;
	}
out:
	free(path);
	return ret;
}

static int read_one(struct bundles *b, size_t i, char *message, size_t size)
{
	int ret;

	if (result_read(&b->result[i], b->path[i], message, size))
		return -EINVAL;
	ret = witness_read(&b->witness[i], &b->result[i], message, size);
	if (ret && ret != -ENOENT)
		return -EINVAL;
	if (ret) {
		witness_free(&b->witness[i]);
		b->witness[i] = (struct witness){ .path = NULL };
	}
	return read_boot(&b->boot[i], &b->result[i], message, size);
}

int bundles_read(struct bundles *b, char *message, size_t size)
{
	size_t i;
	int ret = 0;

	b->result = calloc(b->n + 1, sizeof(*b->result));
	b->boot = calloc(b->n + 1, sizeof(*b->boot));
	b->witness = calloc(b->n + 1, sizeof(*b->witness));
	if (!b->result || !b->boot || !b->witness)
		return -ENOMEM;
	for (i = 0; i < b->n && !ret; i++)
		ret = read_one(b, i, message, size);
	return ret;
}

void bundles_free(struct bundles *b)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		if (b->result)
			result_free(&b->result[i]);
		if (b->boot)
			result_free(&b->boot[i]);
		if (b->witness)
			witness_free(&b->witness[i]);
		free(b->path[i]);
	}
	free(b->result);
	free(b->boot);
	free(b->witness);
	free(b->path);
}
