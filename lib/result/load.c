// SPDX-License-Identifier: MIT
/* From a path to a JSON document, or a message that says what is wrong with the file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "utf8.h"

/* Many times a year of measuring; anything larger is not a result file and must not fill memory. */
#define LARGEST ((size_t)1 << 30)

struct buffer {
	char *data;
	size_t length, room;
};

static int append(struct buffer *b, FILE *in)
{
	char *data = b->data;

	/* Reserve one byte for the NUL at the end. */
	if (b->length + 1 >= b->room) {
		b->room = b->room ? 2 * b->room : 1 << 16;
		if (b->room > LARGEST)
			return -EFBIG;
		data = realloc(data, b->room);
		if (!data)
			return -ENOMEM;
		b->data = data;
	}
	b->length += fread(data + b->length, 1, b->room - b->length - 1, in);
	data[b->length] = 0;
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
	/* Opening a folder succeeds; reading it fails. */
	if (ret == -EIO && errno)
		ret = -errno;
	if (in != stdin)
		fclose(in);
	return ret;
}

static void unreadable(struct fields *f, int error)
{
	const char *remedy = "check its permissions";

	if (error == -ENOENT || error == -ENOTDIR)
		remedy = "check the name";
	else if (error == -EISDIR)
		remedy = "name a file in it";
	else if (error == -EFBIG)
		remedy = "give a result file";
	fields_fail(f, error, "cannot be read: %s: %s", strerror(-error), remedy);
}

static void not_json(struct fields *f, const struct document_error *e, size_t length)
{
	if (!length)
		fields_fail(f, -EINVAL, "is empty: copy it again or measure again");
	else if (e->cut)
		fields_fail(f, -EINVAL,
			    "ends in the middle, in line %d: it was copied or written "
			    "incompletely; copy it again or measure again",
			    e->line);
	else
		fields_fail(f, -EINVAL,
			    "line %d, column %d: not JSON (%s): give a file that 'suite run' wrote",
			    e->line, e->column, e->text);
}

/* Eight bytes at a time, for comparisons of hundreds of files of half a megabyte. */
static bool plain(const char *text, size_t length)
{
	uint64_t word, all = 0;
	size_t i;

	for (i = 0; i + sizeof(word) <= length; i += sizeof(word)) {
		memcpy(&word, text + i, sizeof(word));
		all |= word;
	}
	for (; i < length; i++)
		all |= (unsigned char)text[i];
	return !(all & UINT64_C(0x8080808080808080));
}

/* Bytes that are not UTF-8 become U+FFFD: an odd name on a command line must not make a run
 * unreadable. */
static int clean(struct buffer *b)
{
	char *copy;

	if (plain(b->data, b->length))
		return 0;
	copy = utf8_clean(b->data, b->length, &b->length);
	if (!copy)
		return -ENOMEM;
	free(b->data);
	b->data = copy;
	return 0;
}

struct value *load_document(struct fields *f, struct loaded *l)
{
	struct buffer b = { 0 };
	struct document_error e;
	int ret;

	*l = (struct loaded){ 0 };
	ret = slurp(f->file, &b);
	if (ret) {
		unreadable(f, ret);
		free(b.data);
		return NULL;
	}
	ret = clean(&b);
	l->text = b.data;
	if (!ret)
		ret = document_parse(&l->document, b.data, b.length, &e);
	if (ret == -EINVAL)
		not_json(f, &e, b.length);
	else if (ret)
		fields_fail(f, ret, "out of memory");
	return l->document.root;
}

void load_free(struct loaded *l)
{
	document_free(&l->document);
	free(l->text);
	l->text = NULL;
}
