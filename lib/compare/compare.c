// SPDX-License-Identifier: MIT
#include "compare/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Equal except for rounding errors. */
static bool equal(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fmax(1, fabs(a));
}

static bool all_the_same(const struct compare_row *row)
{
	const struct estimate_value *a = &row->a.value, *b = &row->b.value;
	double first = a->interval.n ? a->block[0] : 0;
	size_t i;

	for (i = 0; i < a->interval.n; i++)
		if (!equal(a->block[i], first))
			return false;
	for (i = 0; i < b->interval.n; i++)
		if (!equal(b->block[i], first))
			return false;
	return true;
}

void compare_test(struct compare *c, struct compare_row *row)
{
	const struct estimate_value *a = &row->a.value, *b = &row->b.value;
	bool from_nothing = row->family != COMPARE_TIMES && (!row->a.exits || a->interval.lo <= 0);

	row->shift = stats_shift(a->block, a->interval.n, b->block, b->interval.n, &c->sizes);
	/* What a reader gets by subtracting; with much noise the median of all pairs differs.
	 */
	row->shift.est = b->interval.est - a->interval.est;
	row->ratio = from_nothing || a->interval.est <= 0 ? NAN : b->interval.est / a->interval.est;
	row->p = row->background || all_the_same(row)
			 ? NAN
			 : stats_permutation(a->block, a->interval.n, b->block, b->interval.n,
					     &c->sizes, &row->sampled);
}

/* Each family is corrected on its own, without the rows of the others. */
static int correct(struct compare *c)
{
	double *p = calloc(c->rows + 1, sizeof(*p));
	size_t i;
	int family;

	if (!p)
		return -ENOMEM;
	for (family = 0; family < COMPARE_FAMILIES; family++) {
		for (i = 0; i < c->rows; i++) {
			p[i] = c->row[i].family == (enum compare_family)family ? c->row[i].p : NAN;
			c->tested[family] += !isnan(p[i]);
		}
		stats_benjamini_hochberg(p, p, c->rows);
		for (i = 0; i < c->rows; i++)
			if (c->row[i].family == (enum compare_family)family)
				c->row[i].q = p[i];
	}
	free(p);
	return 0;
}

static bool relative(const struct compare_row *row)
{
	return row->family == COMPARE_TIMES || row->family == COMPARE_COUNTS;
}

double compare_size(const struct compare_row *row)
{
	double base = row->a.value.interval.est, shift = row->shift.est;

	if (!relative(row) || !shift)
		return shift;
	return shift / base; /* infinite from nothing */
}

enum compare_verdict compare_certainty(const struct compare *c, const struct compare_row *row)
{
	double least = stats_permutation_least(row->a.value.interval.n, row->b.value.interval.n);

	if (row->q <= COMPARE_LEVEL)
		return COMPARE_DIFFERS;
	/* As clear as this many repeats can show, which is too few to be certain of any row. */
	if (row->p <= fmax(COMPARE_LEVEL, least) &&
	    least * (double)c->tested[row->family] > COMPARE_LEVEL)
		return COMPARE_UNDECIDED;
	return COMPARE_SAME;
}

static enum compare_verdict judge(const struct compare *c, const struct compare_row *row)
{
	double enough = relative(row) ? COMPARE_TIME : fmax(COMPARE_EXITS, row->resolution);

	return fabs(compare_size(row)) >= enough ? compare_certainty(c, row) : COMPARE_SAME;
}

bool compare_is_dump(const struct estimate *e)
{
	return !e->workloads && e->result->after;
}

bool compare_is_boot(const struct estimate *e)
{
	size_t i;

	for (i = 0; i < e->workloads; i++)
		if (strncmp(e->workload[i].w->name, "boot.", 5))
			return false;
	return e->workloads && e->result->after;
}

static bool all_are(bool (*is)(const struct estimate *e), const struct compare *c)
{
	size_t i;

	for (i = 0; i < c->a.files; i++)
		if (!is(c->a.file[i]))
			return false;
	for (i = 0; i < c->b.files; i++)
		if (!is(c->b.file[i]))
			return false;
	return true;
}

/* Listings have only counts since the VM started; boots have them in addition to what each mark
 * cost. */
static int make_rows(struct compare *c)
{
	bool listings = all_are(compare_is_dump, c), boots = all_are(compare_is_boot, c);
	int ret = 0;

	if (listings || boots)
		c->unit = COMPARE_FILES;
	if (!listings)
		ret = compare_workloads(c);
	if (!ret && (listings || boots))
		ret = compare_counts(c);
	return ret;
}

int compare_groups(struct compare *c, const struct compare_group *a, const struct compare_group *b,
		   const char *axis, enum compare_unit unit)
{
	size_t i;
	int ret;

	*c = (struct compare){ .a = *a, .b = *b, .unit = unit };
	if (unit == COMPARE_AUTO)
		c->unit = a->files > 1 || b->files > 1 ? COMPARE_FILES : COMPARE_REPEATS;
	ret = compare_labels(c, axis);
	if (!ret)
		ret = make_rows(c);
	if (!ret)
		ret = correct(c);
	for (i = 0; i < c->rows && !ret; i++)
		c->row[i].verdict = judge(c, &c->row[i]);
	return ret;
}

int compare_make(struct compare *c, const struct estimate *a, const struct estimate *b,
		 const char *axis)
{
	const struct estimate *const alone[2] = { a, b };
	const struct compare_group left = { NULL, &alone[0], 1 }, right = { NULL, &alone[1], 1 };
	int ret = compare_groups(c, &left, &right, axis, COMPARE_AUTO);

	c->alone[0] = a;
	c->alone[1] = b;
	c->a.file = &c->alone[0];
	c->b.file = &c->alone[1];
	return ret;
}

void compare_free(struct compare *c)
{
	size_t i;

	for (i = 0; i < c->rows; i++) {
		free(c->row[i].a.value.block);
		free(c->row[i].b.value.block);
	}
	free(c->row);
	free(c->label);
	stats_sizes_free(&c->sizes);
	*c = (struct compare){ 0 };
}

const char *compare_verdict_name(enum compare_verdict verdict)
{
	static const char *const names[] = {
		[COMPARE_SAME] = "same",
		[COMPARE_UNDECIDED] = "undecided",
		[COMPARE_DIFFERS] = "differs",
	};

	return (unsigned int)verdict < sizeof(names) / sizeof(*names) ? names[verdict] : NULL;
}

const char *compare_verdict_sign(const struct compare_row *row)
{
	if (row->verdict == COMPARE_DIFFERS)
		return row->shift.est > 0 ? "more" : "less";
	return row->verdict == COMPARE_SAME ? "~" : "?";
}

const char *compare_quantity(const struct compare_row *row)
{
	if (row->family == COMPARE_TIMES)
		return "ns";
	return row->family == COMPARE_COUNTS ? "count" : "exits";
}

const char *compare_subject(const struct compare_row *row)
{
	return row->workload ? row->workload->w->name : "since the VM started";
}

const char *compare_what(const struct compare *c, const struct compare_row *row, char *key)
{
	enum exitprobe_vendor vendor = c->a.file[0]->result->vendor;
	const struct exitprobe_reason *reason;

	if (row->family == COMPARE_TIMES)
		return "time";
	if (row->all)
		return "all exits";
	if (row->family != COMPARE_COUNTS || row->code == EXITPROBE_CODE_OTHER)
		return exitprobe_class_name(row->exit_class);
	reason = exitprobe_reason(vendor, row->code);
	return reason ? reason->name : exitprobe_key(vendor, row->code, key);
}

const char *compare_emulator(const struct compare_group *g)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; i < g->files && !name; i++)
		name = estimate_emulator(g->file[i]->result);
	return name;
}

/* Exits per op that are worth a line although no workload declares their class. */
#define VISIBLE 0.0005

static bool shows(const struct compare_side *s)
{
	const struct stats_interval *i = &s->value.interval;

	return s->exits && fabs(i->est) >= VISIBLE && !(i->lo <= 0 && i->hi >= 0);
}

bool compare_visible(const struct compare_row *row)
{
	if (row->background)
		return false;
	return row->family != COMPARE_OTHER || row->verdict != COMPARE_SAME || shows(&row->a) ||
	       shows(&row->b);
}
