// SPDX-License-Identifier: MIT
/* From a path to a JSON document, with a message that says what is wrong with the file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "utf8.h"

/* A year of measuring fits many times; more is not a result file, and would be taken into memory.
 */
#define LARGEST ((size_t)1 << 30)

struct buffer {
	char *data;
	size_t length, room;
};

static int append(struct buffer *b, FILE *in)
{
	char *data = b->data;

	if (b->length == b->room) {
		b->room = b->room ? 2 * b->room : 1 << 16;
		if (b->room > LARGEST)
			return -EFBIG;
		data = realloc(data, b->room);
		if (!data)
			return -ENOMEM;
		b->data = data;
	}
	b->length += fread(data + b->length, 1, b->room - b->length, in);
	return ferror(in) ? -EIO : 0;
}

static int slurp(const char *path, struct buffer *b)
{
	FILE *in = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int ret = 0;

	if (!in)
		return -errno;
	errno = 0;
	while (!ret && !feof(in))
		ret = append(b, in);
	/* A folder opens, and fails only when it is read. */
	if (ret == -EIO && errno)
		ret = -errno;
	if (in != stdin)
		fclose(in);
	return ret;
}

static void unreadable(struct fields *f, int error)
{
	const char *remedy = "see that you may read it";

	if (error == -ENOENT || error == -ENOTDIR)
		remedy = "check the name";
	else if (error == -EISDIR)
		remedy = "name a file in it";
	else if (error == -EFBIG)
		remedy = "this is not a result file";
	fields_fail(f, error, "cannot be read: %s: %s", strerror(-error), remedy);
}

static void not_json(struct fields *f, const json_error_t *e, size_t length)
{
	enum json_error_code code = json_error_code(e);
	/* "fals" is a syntax error, but the last thing in the file. */
	bool cut = code == json_error_premature_end_of_input ||
		   (code == json_error_invalid_syntax && (size_t)e->position >= length);

	if (!length)
		fields_fail(f, -EINVAL, "is empty: copy it again or measure again");
	else if (cut)
		fields_fail(f, -EINVAL,
			    "ends in the middle, in line %d: it was not copied or written "
			    "completely; copy it again or measure again",
			    e->line);
	else
		fields_fail(f, -EINVAL,
			    "line %d, column %d: not JSON (%s): give a file that 'suite run' wrote",
			    e->line, e->column, e->text);
}

static json_t *parse(struct fields *f, const struct buffer *b)
{
	size_t length = b->length;
	json_error_t e;
	json_t *document = json_loadb(b->data, length, JSON_REJECT_DUPLICATES, &e);
	char *clean;

	if (!document && json_error_code(&e) == json_error_invalid_utf8) {
		clean = utf8_clean(b->data, b->length, &length);
		if (clean)
			document = json_loadb(clean, length, JSON_REJECT_DUPLICATES, &e);
		free(clean);
	}
	if (!document)
		not_json(f, &e, length);
	return document;
}

json_t *load_document(struct fields *f)
{
	struct buffer b = { 0 };
	json_t *document = NULL;
	int ret;

	ret = slurp(f->file, &b);
	if (ret)
		unreadable(f, ret);
	else
		document = parse(f, &b);
	free(b.data);
	return document;
}
