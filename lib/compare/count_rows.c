// SPDX-License-Identifier: MIT
/* Rows of a comparison of listings: exits since the VM started, by reason, or by class when the
 * sides are of different vendors. One value per file. They are added to the existing rows. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "compare/compare.h"

static enum exitprobe_class class_of(const struct result *r, uint32_t code)
{
	const struct exitprobe_reason *reason = exitprobe_reason(r->vendor, code);

	return reason ? reason->exit_class : EXITPROBE_OTHER;
}

/* Exits of a file that belong to a row. */
static uint64_t exits_of(const struct compare_row *row, const struct result *r)
{
	uint64_t sum = 0;
	size_t i;

	if (row->all)
		return result_exits(r);
	for (i = 0; i < r->reasons; i++)
		if (row->code == EXITPROBE_CODE_OTHER ? class_of(r, r->reason[i]) == row->exit_class
						      : r->reason[i] == row->code)
			sum += r->after[i];
	return sum;
}

static int side_of(struct compare_side *s, const struct compare_row *row,
		   const struct compare_group *g)
{
	uint64_t exits;
	size_t i;

	s->value.block = calloc(g->files + 1, sizeof(*s->value.block));
	if (!s->value.block)
		return -ENOMEM;
	for (i = 0; i < g->files; i++) {
		exits = exits_of(row, g->file[i]->result);
		s->value.block[i] = (double)exits;
		s->exits += exits;
	}
	s->value.interval = stats_median_interval(s->value.block, g->files);
	return 0;
}

/* Drops the row again when neither side has exits. */
static int add_row(struct compare *c, struct compare_row row)
{
	int ret;

	row.family = COMPARE_COUNTS;
	row.p = row.q = NAN;
	ret = side_of(&row.a, &row, &c->a);
	if (!ret)
		ret = side_of(&row.b, &row, &c->b);
	c->row[c->rows++] = row;
	if (!ret && (row.a.exits || row.b.exits)) {
		compare_test(c, &c->row[c->rows - 1]);
		return 0;
	}
	free(row.a.value.block);
	free(row.b.value.block);
	c->rows--;
	return ret;
}

static int by_code(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static size_t add_codes(uint32_t *code, size_t n, const struct compare_group *g)
{
	size_t i, j;

	for (i = 0; i < g->files; i++)
		for (j = 0; j < g->file[i]->result->reasons; j++)
			code[n++] = g->file[i]->result->reason[j];
	return n;
}

static size_t most_codes(const struct compare_group *g)
{
	size_t i, n = 0;

	for (i = 0; i < g->files; i++)
		n += g->file[i]->result->reasons;
	return n;
}

static int add_reasons(struct compare *c, uint32_t *code, size_t n)
{
	struct compare_row row = { 0 };
	size_t i;
	int ret = 0;

	qsort(code, n, sizeof(*code), by_code);
	for (i = 0; i < n && !ret; i++) {
		row.code = code[i];
		row.exit_class = class_of(c->a.file[0]->result, code[i]);
		if (!i || code[i] != code[i - 1])
			ret = add_row(c, row);
	}
	return ret;
}

static int add_classes(struct compare *c)
{
	struct compare_row row = { .code = EXITPROBE_CODE_OTHER };
	int exit_class, ret = 0;

	for (exit_class = 0; exit_class < EXITPROBE_CLASSES && !ret; exit_class++) {
		row.exit_class = (enum exitprobe_class)exit_class;
		ret = add_row(c, row);
	}
	return ret;
}

static bool one_vendor(const struct compare *c)
{
	enum exitprobe_vendor vendor = c->a.file[0]->result->vendor;
	size_t i;

	for (i = 0; i < c->a.files; i++)
		if (c->a.file[i]->result->vendor != vendor)
			return false;
	for (i = 0; i < c->b.files; i++)
		if (c->b.file[i]->result->vendor != vendor)
			return false;
	return true;
}

int compare_counts(struct compare *c)
{
	const struct compare_row all = { .all = true, .code = EXITPROBE_CODE_OTHER };
	size_t n = most_codes(&c->a) + most_codes(&c->b);
	uint32_t *code = calloc(n + 1, sizeof(*code));
	struct compare_row *row;
	int ret = -ENOMEM;

	row = realloc(c->row, (c->rows + n + EXITPROBE_CLASSES + 1) * sizeof(*row));
	if (row)
		c->row = row;
	if (!code || !row)
		goto out;
	n = add_codes(code, 0, &c->a);
	n = add_codes(code, n, &c->b);
	ret = add_row(c, all);
	if (!ret)
		ret = one_vendor(c) ? add_reasons(c, code, n) : add_classes(c);
out:
	free(code);
	return ret;
}
