// SPDX-License-Identifier: MIT
#include "witness/answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "result/utf8.h"

int answer_parse(struct answer *a, const struct text *t, struct fault *f)
{
	struct document_error e;
	size_t length;
	int ret;

	*a = (struct answer){ 0 };
	/* The parser changes the text, and takes valid UTF-8 only. */
	a->copy = utf8_clean(t->data, t->size, &length);
	if (!a->copy)
		return fault_memory(f);
	ret = document_parse(&a->document, a->copy, length, &e);
	if (ret == -EINVAL)
		return fault_at(f, ret, t->path, (size_t)e.line, "is not JSON: %s%s", e.text,
				e.cut ? ": the file was cut short" : "");
	return ret ? fault_memory(f) : 0;
}

struct value *answer_return(const struct answer *a)
{
	struct value *root = a->document.root, *array;

	array = root && root->type == VALUE_OBJECT ? value_get(root, "return") : NULL;
	return array && array->type == VALUE_ARRAY ? array : NULL;
}

void answer_free(struct answer *a)
{
	document_free(&a->document);
	free(a->copy);
	*a = (struct answer){ 0 };
}
