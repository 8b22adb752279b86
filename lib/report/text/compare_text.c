// SPDX-License-Identifier: MIT
/* The comparison for a terminal of 100 columns: effect first, then its interval, then p. */
#include "report/compare_formats.h"
#include "result/utf8.h"
#include "text/style.h"

/* class, A, B, difference, interval, ratio, q; the verdict comes last. */
#define COLUMNS "  %-17s %12s %12s %11s %-20s %7s %7s "

static void put_head(const struct styled *t, const struct comparison_pair *p)
{
	const char *a = p->emulator[0], *b = p->emulator[1];
	char clean[64], other[64], line[800];
	size_t i;

	for (i = 0; i < 2; i++) {
		style_print(t, STRONG, "%c  ", "AB"[i]);
		fprintf(t->out, "%s\n", utf8_printable(p->side[i], line, sizeof(line)));
	}
	/* Names of labels are a file's, too. */
	if (*p->axis)
		style_print(t, STRONG, "%s\n", utf8_printable(p->axis, line, sizeof(line)));
	if (a || b)
		style_print(t, DOUBTFUL, "times are those of an emulator (A: %s, B: %s)\n",
			    a ? utf8_printable(a, clean, sizeof(clean)) : "none",
			    b ? utf8_printable(b, other, sizeof(other)) : "none");
}

static void put_row(const struct styled *t, const struct compare_cells *cells)
{
	const struct compare_row *row = cells->row;

	fprintf(t->out, COLUMNS, cells->what, cells->a, cells->b, cells->shift, cells->interval,
		cells->ratio, cells->q);
	if (row->verdict == COMPARE_DIFFERS)
		style_print(t, row->shift.est > 0 ? BAD : GOOD, "%s", cells->sign);
	else
		style_print(t, FAINT, "%s", cells->sign);
	fputc('\n', t->out);
}

static void put_section(const struct styled *t, const struct comparison_section *s)
{
	char name[128], op[64];
	size_t i;

	style_print(t, STRONG, "\n%s", utf8_printable(s->workload, name, sizeof(name)));
	if (s->op)
		fprintf(t->out, ", per %s", utf8_printable(s->op, op, sizeof(op)));
	fprintf(t->out, " (%s)\n", s->n);
	for (i = 0; i < s->rows; i++)
		put_row(t, s->row[i]);
}

static void put_sections(const struct styled *t, const struct comparison_pair *p)
{
	size_t i;

	style_print(t, FAINT, "\n" COLUMNS "\n", p->counts ? "exits" : "exits/op by class", "A",
		    "B", "B - A", p->interval, "B / A", "q");
	for (i = 0; i < p->sections; i++)
		put_section(t, &p->section[i]);
	if (p->hidden)
		style_print(t, FAINT,
			    "\n%zu more classes show no more than background on both sides\n",
			    p->hidden);
}

static void put_end(const struct styled *t, const struct comparison_pair *p)
{
	const char *unit = p->c->unit == COMPARE_FILES ? "files" : "repeats";
	char clean[640];
	size_t i;

	fputc('\n', t->out);
	for (i = 0; i < p->totals.lines; i++)
		style_print(t, STRONG, "%s\n", p->totals.line[i]);
	fprintf(t->out, "%s\n", p->summary);
	fprintf(t->out,
		"q: exact permutation test of the %s%s, Benjamini-Hochberg; ~ no "
		"difference, ? too few %s.\n",
		unit, p->sampled ? " (sampled where there are over 10^6 splits)" : "", unit);
	for (i = 0; i < p->warnings.lines; i++) {
		style_print(t, DOUBTFUL, "warning: ");
		fprintf(t->out, "%s\n", utf8_printable(p->warnings.line[i], clean, sizeof(clean)));
	}
}

int compare_text(const struct comparison *all, FILE *out, bool colour)
{
	const struct styled t = { out, colour };
	const struct comparison_pair *p;
	size_t i;

	for (p = all->pair; p < all->pair + all->pairs; p++) {
		if (p > all->pair)
			fputs("\n\n", out);
		put_head(&t, p);
		put_sections(&t, p);
		put_end(&t, p);
	}
	for (i = 0; all->findings && i < all->findings->lines; i++) {
		style_print(&t, BAD, "FAIL ");
		fprintf(out, "%s\n", all->findings->line[i]);
	}
	return 0;
}
