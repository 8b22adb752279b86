// SPDX-License-Identifier: MIT
/* The comparison for an issue or a pull request: one table, GitHub's markdown. */
#include <string.h>

#include "compare/cells.h"
#include "result/utf8.h"

/* What would end a cell or begin markup is escaped; a file's text must not build tables. */
static void put(FILE *out, const char *text)
{
	char clean[800];

	for (text = utf8_printable(text, clean, sizeof(clean)); *text; text++) {
		if (strchr("\\`*_{}[]<>#|&~", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void put_item(void *context, const char *text)
{
	fputs("- ", context);
	put(context, text);
	fputc('\n', context);
}

static void put_row(const struct compare *c, const struct compare_row *row, FILE *out)
{
	const char *const bold = row->verdict == COMPARE_DIFFERS ? "**" : "";
	struct compare_cells cells;
	char key[24];

	compare_cells(row, &cells);
	fputs("| ", out);
	put(out, compare_subject(row));
	fputs(" | ", out);
	put(out, compare_what(c, row, key));
	fputs(" | ", out);
	put(out, cells.a);
	fputs(" | ", out);
	put(out, cells.b);
	fprintf(out, " | %s%s%s | %s | %s | %s | %s%s%s |\n", bold, cells.shift, bold,
		cells.interval, cells.ratio, cells.q, bold,
		row->verdict == COMPARE_SAME ? "\\~" : compare_verdict_sign(row), bold);
}

static void put_table(const struct compare *c, FILE *out)
{
	char interval[FORMAT + 16];
	size_t i, hidden = 0;

	fprintf(out,
		"\n| workload | %s | A | B | B - A | %s | B / A | q | |\n"
		"| --- | --- | ---: | ---: | ---: | --- | ---: | ---: | --- |\n",
		c->rows && c->row->family == COMPARE_COUNTS ? "exits" : "exits/op, time",
		compare_interval_heading(c, interval, sizeof(interval)));
	for (i = 0; i < c->rows; i++) {
		if (compare_visible(&c->row[i]))
			put_row(c, &c->row[i], out);
		else
			hidden++;
	}
	fputc('\n', out);
	if (hidden)
		fprintf(out, "%zu more classes show no more than background on both sides.\n\n",
			hidden);
}

static void put_warning(void *context, const char *text)
{
	fputs("- warning: ", context);
	put(context, text);
	fputc('\n', context);
}

void compare_markdown(const struct compare *c, FILE *out)
{
	const char *a = compare_emulator(&c->a), *b = compare_emulator(&c->b);
	char text[800];

	fputs("- **A** ", out);
	put(out, compare_side_line(&c->a, text, sizeof(text)));
	fputs("\n- **B** ", out);
	put(out, compare_side_line(&c->b, text, sizeof(text)));
	fputc('\n', out);
	if (*compare_axis_line(c, text, sizeof(text)))
		put_item(out, text);
	if (a || b)
		put_item(out, "times are those of an emulator");
	put_table(c, out);
	compare_count_lines(c, put_item, out);
	put_item(out, compare_summary(c, text, sizeof(text)));
	compare_warnings(c, put_warning, out);
}
