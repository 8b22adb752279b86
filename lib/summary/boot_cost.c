// SPDX-License-Identifier: MIT
/* All exits since the VM started: how many, how often, which. */
#include <math.h>
#include <stdio.h>

#include "estimate/sides.h"
#include "summary/summary.h"
#include "text/format.h"

#define NAMED 3

/* Classes of at least this share are named as unchanged when they differ by no more than SAME. */
#define WORTH 0.005
#define SAME 0.05

static const char cost[] = "What did a boot cost?";
static const char kinds[] = "Which exits are the most frequent, and which the least?";

static void percent(struct summary *s, double share)
{
	char text[FORMAT];

	summary_figure(s, share, format_percent(share, text));
}

static void how_many(struct summary *s, const struct side *side, const struct counts *t)
{
	summary_begin(s, "boot", cost);
	summary_words(s, "%c, %s: ", side->letter, side->label);
	summary_figure(s, (double)t->total, NULL);
	summary_words(s, " exits %s", side_boot_text(side));
	if (!isnan(t->seconds)) {
		summary_words(s, ", ");
		summary_figure(s, t->seconds, NULL);
		summary_words(s, " s after its kernel started: ");
		summary_figure(s, counts_per_second(t), NULL);
		summary_words(s, " exits a second on average");
	}
	summary_words(s, ".");
}

static double ratio(double a, double b)
{
	return a > 0 ? b / a : NAN;
}

static void ratio_of(struct summary *s, const struct side *a, const struct side *b,
		     const struct counts *x, const struct counts *y)
{
	char text[FORMAT];
	double by = ratio((double)x->total, (double)y->total);

	if (isnan(by))
		return;
	summary_begin(s, "boot_ratio", cost);
	summary_words(s, "With %s (%c) there were ", b->label, b->letter);
	snprintf(text, sizeof(text), "x%.3g", by);
	summary_figure(s, by, text);
	summary_words(s, " the exits of %s (%c)", a->label, a->letter);
}

static int largest_class(const struct counts *x, const struct counts *y, const bool *named)
{
	double most = 0, difference;
	int k, at = -1;

	for (k = 0; k < EXITPROBE_CLASSES; k++) {
		difference = fabs((double)y->exit_class[k] - (double)x->exit_class[k]);
		if (!named[k] && difference > most) {
			most = difference;
			at = k;
		}
	}
	return at;
}

static bool same_class(const struct counts *x, const struct counts *y, int k)
{
	return counts_share(x, x->exit_class[k]) >= WORTH &&
	       fabs(ratio((double)x->exit_class[k], (double)y->exit_class[k]) - 1) <= SAME;
}

static void class_counts(struct summary *s, const struct counts *x, const struct counts *y, int k)
{
	summary_words(s, "%s ", exitprobe_class_name((enum exitprobe_class)k));
	summary_figure(s, (double)x->exit_class[k], NULL);
	summary_words(s, " and ");
	summary_figure(s, (double)y->exit_class[k], NULL);
}

static void which_classes(struct summary *s, const struct counts *x, const struct counts *y)
{
	bool named[EXITPROBE_CLASSES] = { false };
	int i, k, n = 0;

	for (i = 0; i < NAMED; i++) {
		k = largest_class(x, y, named);
		if (k < 0 || same_class(x, y, k))
			break;
		named[k] = true;
		summary_words(s, i ? "; " : ", most of it ");
		class_counts(s, x, y, k);
	}
	for (k = 0; k < EXITPROBE_CLASSES; k++) {
		if (named[k] || !same_class(x, y, k))
			continue;
		summary_words(s, n++ ? "; " : ". Unchanged: ");
		class_counts(s, x, y, k);
	}
	summary_words(s, ".");
}

static void most_frequent(struct summary *s, const struct side *side, const struct counts *t)
{
	size_t i;

	summary_begin(s, "most_frequent", kinds);
	summary_words(s, "%c: most frequent ", side->letter);
	for (i = 0; i < t->rows && i < NAMED; i++) {
		summary_words(s, "%s%s with ", i ? ", " : "", t->row[i].name);
		summary_figure(s, (double)t->row[i].count, NULL);
		summary_words(s, " (");
		percent(s, counts_share(t, t->row[i].count));
		summary_words(s, ")");
	}
	summary_words(s, "; least frequent of ");
	summary_figure(s, (double)t->rows, NULL);
	summary_words(s, " that occurred ");
	for (i = 0; i < t->rows && i < NAMED; i++) {
		summary_words(s, "%s%s with ", i ? ", " : "", t->row[t->rows - 1 - i].name);
		summary_figure(s, (double)t->row[t->rows - 1 - i].count, NULL);
	}
	summary_words(s, ". ");
	if (t->unlisted) {
		summary_figure(s, (double)t->unlisted, NULL);
		summary_words(s, " exits belong to reasons that the listing omits.");
		return;
	}
	summary_figure(s, t->absent, NULL);
	summary_words(s, " reasons that the manual defines did not occur.");
}

void summary_boot(struct summary *s, const struct sides *sides)
{
	const struct counts *first = side_boot(&sides->side[0]), *t;
	size_t i;

	for (i = 0; i < sides->sides; i++) {
		t = side_boot(&sides->side[i]);
		if (t && t->rows)
			how_many(s, &sides->side[i], t);
	}
	for (i = 1; i < sides->sides; i++) {
		t = side_boot(&sides->side[i]);
		if (!first || !t || !first->total || !t->total ||
		    sides->side[0].result->vendor != sides->side[i].result->vendor)
			continue;
		ratio_of(s, &sides->side[0], &sides->side[i], first, t);
		which_classes(s, first, t);
	}
	for (i = 0; i < sides->sides; i++) {
		t = side_boot(&sides->side[i]);
		if (t && t->rows)
			most_frequent(s, &sides->side[i], t);
	}
}
