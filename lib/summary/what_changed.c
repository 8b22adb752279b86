// SPDX-License-Identifier: MIT
/* What differs between two sides. */
#include <math.h>

#include "estimate/changes.h"
#include "summary/summary.h"

/* As many workloads or classes as a sentence can name. */
#define NAMED 4
/* Share of the first side's value up to which the second is the same. */
#define SAME 0.02

static const char *question(const struct sides *sides)
{
	return sides->sides > 2 ? "What changed against A?" : "What changed between A and B?";
}

static void how_many(struct summary *s, const struct sides *sides, const struct side *a,
		     const struct side *b, const struct changes *c)
{
	summary_begin(s, "changed", question(sides));
	summary_words(s, "With %s (%c) an operation causes more exits than with %s (%c) in ",
		      b->label, b->letter, a->label, a->letter);
	summary_figure(s, (double)c->more, NULL);
	summary_words(s, " of ");
	summary_figure(s, (double)c->changes, NULL);
	summary_words(s, " workloads");
	if (c->less) {
		summary_words(s, ", and fewer of some class in ");
		summary_figure(s, (double)c->less, NULL);
	}
	summary_words(s, ".");
}

static void name_largest(struct summary *s, const struct sides *sides, const struct changes *c,
			 const struct side *a, const struct side *b)
{
	const struct change *at;
	size_t i, named = 0;

	for (i = 0; i < c->changes && named < NAMED; i++) {
		at = &c->change[i];
		if (!at->more && !at->less)
			continue;
		if (!named++)
			summary_begin(s, "largest", question(sides));
		summary_words(s, "%s%s ", named == 1 ? "The largest differences: " : "; ",
			      at->a->w->name);
		summary_figure(s, at->total_a, NULL);
		summary_words(s, named == 1 ? " exits per %s in %c and " : " per %s in %c and ",
			      at->a->w->op, a->letter);
		summary_figure(s, at->total_b, NULL);
		summary_words(s, " in %c", b->letter);
	}
	if (named)
		summary_words(s, ".");
}

static void name_classes(struct summary *s, const struct sides *sides, const struct changes *c,
			 int direction)
{
	size_t i, n, named = 0;
	int k;

	for (k = 0; k < EXITPROBE_CLASSES; k++) {
		for (i = 0, n = 0; i < c->changes; i++)
			n += c->change[i].direction[k] == direction;
		if (!n)
			continue;
		if (!named++)
			summary_begin(s, direction > 0 ? "more" : "fewer", question(sides));
		summary_words(s, "%s%s (in ",
			      named > 1       ? ", "
			      : direction > 0 ? "More exits of class "
					      : "Fewer exits of class ",
			      exitprobe_class_name((enum exitprobe_class)k));
		summary_figure(s, (double)n, NULL);
		summary_words(s, ")");
	}
	if (named)
		summary_words(s, "; in brackets the number of workloads.");
}

/* Without a certain difference two values need not be equal: a difference can be large and
 * uncertain. */
static bool is_same(const struct change *at)
{
	return !at->more && !at->less && at->total_a > 0 && at->total_b > 0 &&
	       fabs(at->total_b - at->total_a) <= SAME * at->total_a;
}

/* Exits that the paging mode does not touch are the natural control. */
static void name_unchanged(struct summary *s, const struct sides *sides, const struct changes *c)
{
	const struct change *at;
	size_t i, named = 0;

	for (i = 0; i < c->changes && named < NAMED; i++) {
		at = &c->change[i];
		if (!is_same(at))
			continue;
		if (!named++)
			summary_begin(s, "unchanged", question(sides));
		summary_words(s, "%s%s ", named == 1 ? "Unchanged: " : "; ", at->a->w->name);
		summary_figure(s, at->total_a, NULL);
		summary_words(s, " and ");
		summary_figure(s, at->total_b, NULL);
	}
	if (named)
		summary_words(s, " exits per operation.");
}

void summary_changes(struct summary *s, const struct sides *sides)
{
	const struct side *a = &sides->side[0], *b;
	struct changes c;
	size_t i;
	int ret;

	for (i = 1; i < sides->sides; i++) {
		b = &sides->side[i];
		ret = changes_make(&c, a, b);
		if (ret)
			s->error = ret;
		if (!ret && c.changes) {
			how_many(s, sides, a, b, &c);
			name_largest(s, sides, &c, a, b);
			name_classes(s, sides, &c, 1);
			name_classes(s, sides, &c, -1);
			name_unchanged(s, sides, &c);
		}
		changes_free(&c);
	}
}
