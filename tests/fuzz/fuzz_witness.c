// SPDX-License-Identifier: MIT
/*
 * Arbitrary evidence against the whole check: whatever an outer VM sent, it must not crash, hang or
 * read beyond a text, and it must not call equal what is not.
 *
 * Input: byte 0 selects the vendor and the kind of the rest. Whole texts: the files, separated by
 * the byte 0x1e (record separator), in place of small valid ones; an empty one leaves the valid
 * one. Edits: five bytes each, which file, where (two bytes), what is done, and with what; so that
 * an input that nobody guided gets past the first line, too.
 */
#include <stdlib.h>
#include <string.h>

#include "fake_evidence.h"
#include "witness/verdict.h"

#define SEPARATOR 0x1e
#define FILES 9
#define MOST_EDITS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): it must hold in a release build too. */
static void must(bool holds)
{
	if (!holds)
		abort();
}

static struct text *file_of(struct evidence *e, size_t i)
{
	struct text *files[FILES] = { &e->trace,     &e->histogram,  &e->reading,
				      &e->format,    &e->stat,       e->cpus,
				      &e->unentered, &e->vcpu_stats, &e->vm_stats };

	return files[i % FILES];
}

static void whole_texts(struct evidence *e, const uint8_t *data, size_t size)
{
	const uint8_t *end;
	size_t i, length;

	for (i = 0; i < FILES && size; i++) {
		end = memchr(data, SEPARATOR, size);
		length = end ? (size_t)(end - data) : size;
		if (length)
			fake_text(file_of(e, i), (const char *)data, length);
		length += end ? 1 : 0;
		data += length;
		size -= length;
	}
}

/* For the line that contains `at`: the first byte, and the first one after it. */
static size_t line_begin(const struct text *t, size_t at)
{
	const char *newline = memrchr(t->data, '\n', at);

	return newline ? (size_t)(newline - t->data) + 1 : 0;
}

static size_t line_end(const struct text *t, size_t at)
{
	const char *newline = memchr(t->data + at, '\n', t->size - at);

	return newline ? (size_t)(newline - t->data) + 1 : t->size;
}

/* [from, to) of the text becomes `length` bytes. */
static void splice(struct text *t, size_t from, size_t to, const char *bytes, size_t length)
{
	size_t size = from + length + (t->size - to);
	char *edited = malloc(size + 1);

	must(edited);
	memcpy(edited, t->data, from);
	memcpy(edited + from, bytes, length);
	memcpy(edited + from + length, t->data + to, t->size - to);
	fake_text(t, edited, size);
	free(edited);
}

enum edit {
	EDIT_BYTE,
	EDIT_DIGIT,
	EDIT_INSERT,
	EDIT_DELETE_LINE,
	EDIT_DOUBLE_LINE,
	EDIT_CUT,
	EDIT_MOVE_LINE,
	EDITS
};

/* The line goes to the end: a trace out of order. */
static void move_line(struct text *t, size_t begin, size_t end)
{
	char *line = malloc(end - begin + 1);

	must(line);
	memcpy(line, t->data + begin, end - begin);
	splice(t, begin, end, "", 0);
	splice(t, t->size, t->size, line, end - begin);
	free(line);
}

static void edit(struct evidence *e, const uint8_t *d)
{
	struct text *t = file_of(e, d[0]);
	const char byte = (char)d[4], digit = (char)('0' + d[4] % 10);
	size_t at, begin, end;

	if (!t->data || !t->size)
		return;
	at = (d[1] << 8 | d[2]) % t->size;
	begin = line_begin(t, at);
	end = line_end(t, at);
	switch ((enum edit)(d[3] % EDITS)) {
	case EDIT_BYTE:
		splice(t, at, at + 1, &byte, 1);
		break;
	case EDIT_DIGIT:
		splice(t, at, at + 1, &digit, 1);
		break;
	case EDIT_INSERT:
		splice(t, at, at, &byte, 1);
		break;
	case EDIT_DELETE_LINE:
		splice(t, begin, end, "", 0);
		break;
	case EDIT_DOUBLE_LINE:
		splice(t, end, end, t->data + begin, end - begin);
		break;
	case EDIT_CUT:
		splice(t, at, t->size, "", 0);
		break;
	case EDIT_MOVE_LINE:
		move_line(t, begin, end);
		break;
	case EDITS:
		break;
	}
}

/* What "equal" claims, from the numbers that the document shows. */
static void check_claim(const struct verdict *v)
{
	uint64_t guest = 0, after = 0, seen = 0;
	unsigned int i;

	for (i = 0; i < v->reading.slots; i++) {
		guest += v->reading.slot[i].count;
		after += v->slot[i].after;
		seen += v->slot[i].kvm_exit;
		must(!v->equal ||
		     v->slot[i].kvm_exit == v->reading.slot[i].count + v->slot[i].after);
	}
	if (!v->equal)
		return;
	must(!v->problem.text[0]);
	must(seen == v->total.kvm_exit && guest == v->total.guest && after == v->total.after);
	must(seen == guest + after);
	must(seen + v->total.unentered == v->total.stat_exits);
	must(!v->binary_stats || v->total.binary_stats == seen);
	must(v->ring.marked && v->ring.held == v->ring.events);
}

static void check_texts(const struct verdict *v)
{
	json_t *document = verdict_document(v, "shadow");
	char *text, *line = NULL;
	size_t length;
	FILE *out;

	must(document);
	text = json_dumps(document, JSON_INDENT(2));
	must(text);
	must(json_is_true(json_object_get(document, "equal")) == v->equal);
	free(text);
	json_decref(document);
	out = open_memstream(&line, &length);
	must(out);
	verdict_line(v, out);
	must(!fclose(out) && length && !memchr(line, '\n', length));
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { 0 };
	struct evidence e;
	struct verdict v;

	size_t edits;

	if (size < 2)
		return 0;
	if (data[0] & 1)
		fake_evidence(&e);
	else
		fake_evidence_vmx(&e);
	edits = data[1] % MOST_EDITS + 1;
	if (data[0] & 2)
		whole_texts(&e, data + 1, size - 1);
	else
		for (data += 2, size -= 2; edits && size >= 5; data += 5, size -= 5, edits--)
			edit(&e, data);
	if (!verdict_make(&v, &e, &fault)) {
		must(!fault.error);
		check_claim(&v);
		check_texts(&v);
	} else {
		must(fault.error < 0 && fault.text[0] && !strchr(fault.text, '\n'));
	}
	verdict_free(&v);
	evidence_free(&e);
	return 0;
}
