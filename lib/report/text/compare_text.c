// SPDX-License-Identifier: MIT
/* The comparison for a terminal of 100 columns: effect first, then its interval, then p. */
#include <math.h>
#include <string.h>

#include "compare/cells.h"
#include "result/utf8.h"

/* class, A, B, difference, interval, ratio, q; the verdict comes last. */
#define COLUMNS "  %-17s %12s %12s %11s %-20s %7s %7s "

static void put_head(const struct styled *t, const struct compare *c)
{
	const char *a = compare_emulator(&c->a), *b = compare_emulator(&c->b);
	char clean[64], other[64], text[800], line[800];

	style_print(t, STRONG, "A  ");
	fprintf(t->out, "%s\n",
		utf8_printable(compare_side_line(&c->a, text, sizeof(text)), line, sizeof(line)));
	style_print(t, STRONG, "B  ");
	fprintf(t->out, "%s\n",
		utf8_printable(compare_side_line(&c->b, text, sizeof(text)), line, sizeof(line)));
	/* Names of facts are a file's, too. */
	if (*compare_axis_line(c, text, sizeof(text)))
		style_print(t, STRONG, "%s\n", utf8_printable(text, line, sizeof(line)));
	if (a || b)
		style_print(t, DOUBTFUL, "times are those of an emulator (A: %s, B: %s)\n",
			    a ? utf8_printable(a, clean, sizeof(clean)) : "none",
			    b ? utf8_printable(b, other, sizeof(other)) : "none");
}

static void put_row(const struct styled *t, const struct compare *c, const struct compare_row *row)
{
	struct compare_cells cells;
	char key[24];

	compare_cells(row, &cells);
	fprintf(t->out, COLUMNS, compare_what(c, row, key), cells.a, cells.b, cells.shift,
		cells.interval, cells.ratio, cells.q);
	if (row->verdict == COMPARE_DIFFERS)
		style_print(t, row->shift.est > 0 ? BAD : GOOD, "%s", compare_verdict_sign(row));
	else
		style_print(t, FAINT, "%s", compare_verdict_sign(row));
	fputc('\n', t->out);
}

static void put_subject(const struct styled *t, const struct compare *c,
			const struct compare_row *row)
{
	char name[128], op[64], n[64];

	style_print(t, STRONG, "\n%s", utf8_printable(compare_subject(row), name, sizeof(name)));
	if (row->workload)
		fprintf(t->out, ", per %s", utf8_printable(row->workload->w->op, op, sizeof(op)));
	fprintf(t->out, " (%s)\n", compare_n(c, row, n, sizeof(n)));
}

static void put_rows(const struct styled *t, const struct compare *c)
{
	const struct compare_row *row, *last = NULL;
	char interval[FORMAT + 16];
	size_t i, hidden = 0;

	/* Repeats are the same in all rows but those of interrupted runs. */
	style_print(t, FAINT, "\n" COLUMNS "\n",
		    c->rows && c->row->family == COMPARE_COUNTS ? "exits" : "exits/op by class",
		    "A", "B", "B - A", compare_interval_heading(c, interval, sizeof(interval)),
		    "B / A", "q");
	for (i = 0; i < c->rows; i++) {
		row = &c->row[i];
		if (!compare_visible(row)) {
			hidden++;
			continue;
		}
		if (!last || row->workload != last->workload)
			put_subject(t, c, row);
		last = row;
		put_row(t, c, row);
	}
	if (hidden)
		style_print(t, FAINT,
			    "\n%zu more classes show no more than background on both sides\n",
			    hidden);
}

static void put_line(void *context, const char *text)
{
	const struct styled *t = context;

	style_print(t, STRONG, "%s\n", text);
}

static void put_summary(const struct styled *t, const struct compare *c)
{
	size_t i, sampled = 0;
	char text[200];

	for (i = 0; i < c->rows; i++)
		sampled += c->row[i].sampled;
	fputc('\n', t->out);
	compare_count_lines(c, put_line, (void *)t);
	fprintf(t->out, "%s\n", compare_summary(c, text, sizeof(text)));
	fprintf(t->out,
		"q: exact permutation test of the %s%s, Benjamini-Hochberg; ~ no "
		"difference, ? too few %s.\n",
		c->unit == COMPARE_FILES ? "files" : "repeats",
		sampled ? " (sampled where there are over 10^6 splits)" : "",
		c->unit == COMPARE_FILES ? "files" : "repeats");
}

static void put_warning(void *context, const char *text)
{
	const struct styled *t = context;
	char clean[640];

	style_print(t, DOUBTFUL, "warning: ");
	fprintf(t->out, "%s\n", utf8_printable(text, clean, sizeof(clean)));
}

void compare_text(const struct compare *c, const struct styled *t)
{
	put_head(t, c);
	put_rows(t, c);
	put_summary(t, c);
	compare_warnings(c, put_warning, (void *)t);
}
