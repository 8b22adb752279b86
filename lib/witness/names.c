// SPDX-License-Identifier: MIT
#include "witness/names.h"

#include <stdlib.h>
#include <string.h>

/* "0x040 + 14", "0x80000001ull", or "-1" for SVM_EXIT_ERR, "-1ull" since 7.x. Codes have 32 bits in
 * the tracepoint. */
static bool read_code(struct scan *s, uint32_t *code)
{
	uint64_t sum = 0, term;

	if (scan_literal(s, "-1")) {
		scan_literal(s, "ull");
		*code = UINT32_MAX;
		return true;
	}
	do {
		if (scan_number(s, scan_literal(s, "0x") ? 16 : 10, UINT32_MAX - sum, &term))
			return false;
		scan_literal(s, "ull");
		sum += term;
	} while (scan_literal(s, " + "));
	*code = (uint32_t)sum;
	return true;
}

static int add_name(struct names *n, const struct name *name, struct fault *f)
{
	struct name *grown;

	if (n->count == n->room) {
		n->room = n->room ? 2 * n->room : 128;
		grown = reallocarray(n->name, n->room, sizeof(*grown));
		if (!grown)
			return fault_memory(f);
		n->name = grown;
	}
	n->name[n->count++] = *name;
	return 0;
}

/* { 0x072, "cpuid" }, { 0x07b, "io" } */
static int read_table(struct names *n, struct scan table, struct problem *p, struct fault *f)
{
	struct scan skipped;
	struct name name;
	int ret = 0;

	while (!ret && scan_until(&table, "{ ", &skipped)) {
		if (!read_code(&table, &name.code) || !scan_literal(&table, ", \"") ||
		    !scan_until(&table, "\" ", &name.text)) {
			problem_is(p, "the format of kvm_exit is not understood at: %.*s",
				   scan_shown(&table), table.at);
			break;
		}
		ret = add_name(n, &name, f);
	}
	return ret;
}

/* The tables of VMX and SVM are two branches of one expression, in this order. */
static bool find_table(const struct text *format, enum exitprobe_vendor vendor, struct scan *table)
{
	struct lines l = LINES_OF(format);
	struct scan s, skipped;

	while (lines_next(&l)) {
		s = l.line;
		if (scan_literal(&s, "print fmt:"))
			return l.whole &&
			       scan_until(&s, "(REC->isa == 1) ? __print_symbolic(", &skipped) &&
			       (vendor == EXITPROBE_VMX ||
				scan_until(&s, ") : __print_symbolic(", &skipped)) &&
			       scan_until(&s, "})", table);
	}
	return false;
}

static int compare_texts(const struct scan *a, const struct scan *b)
{
	size_t x = scan_length(a), y = scan_length(b);
	int order = memcmp(a->at, b->at, x < y ? x : y);

	return order ? order : x < y ? -1 : x > y;
}

static int compare_names(const void *a, const void *b)
{
	return compare_texts(&((const struct name *)a)->text, &((const struct name *)b)->text);
}

int names_parse(struct names *n, const struct text *format, enum exitprobe_vendor vendor,
		struct problem *p, struct fault *f)
{
	struct scan table;
	size_t i;
	int ret;

	*n = (struct names){ 0 };
	if (!find_table(format, vendor, &table)) {
		problem_is(p, "the format of kvm_exit has no table of the exit reasons");
		return 0;
	}
	ret = read_table(n, table, p, f);
	if (n->count)
		qsort(n->name, n->count, sizeof(*n->name), compare_names);
	for (i = 1; i < n->count; i++)
		if (!compare_names(&n->name[i - 1], &n->name[i]))
			problem_is(p, "the format of kvm_exit has two codes for %.*s",
				   scan_shown(&n->name[i].text), n->name[i].text.at);
	return ret;
}

bool names_code(const struct names *n, const struct scan *text, uint32_t *code)
{
	const struct name key = { .text = *text }, *found = NULL;
	struct scan s = *text;
	uint64_t number;

	if (n->count)
		found = bsearch(&key, n->name, n->count, sizeof(key), compare_names);
	if (found) {
		*code = found->code;
		return true;
	}
	if (!scan_literal(&s, "0x") || scan_number(&s, 16, UINT32_MAX, &number) || !scan_done(&s))
		return false;
	*code = (uint32_t)number;
	return true;
}

void names_free(struct names *n)
{
	free(n->name);
	*n = (struct names){ 0 };
}
