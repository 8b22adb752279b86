// SPDX-License-Identifier: MIT
/* The comparison for an issue or a pull request: one table, GitHub's markdown. */
#include "report/compare_formats.h"
#include "text/markdown.h"

static void put_item(FILE *out, const char *kind, const char *text)
{
	fprintf(out, "- %s", kind);
	markdown_text(out, text);
	fputc('\n', out);
}

static void put_row(const char *workload, const struct compare_cells *cells, FILE *out)
{
	const char *const bold = cells->row->verdict == COMPARE_DIFFERS ? "**" : "";
	const char *const cell[] = { workload, cells->what, cells->a, cells->b };
	size_t i;

	for (i = 0; i < sizeof(cell) / sizeof(*cell); i++) {
		fputs("| ", out);
		markdown_text(out, cell[i]);
		fputc(' ', out);
	}
	fprintf(out, "| %s%s%s | %s | %s | %s | %s", bold, cells->shift, bold, cells->interval,
		cells->ratio, cells->q, bold);
	markdown_text(out, cells->sign);
	fprintf(out, "%s |\n", bold);
}

static void put_table(const struct comparison_pair *p, FILE *out)
{
	const struct comparison_section *s;
	size_t i;

	fprintf(out,
		"\n| workload | %s | A | B | B - A | %s | B / A | q | |\n"
		"| --- | --- | ---: | ---: | ---: | --- | ---: | ---: | --- |\n",
		p->counts ? "exits" : "exits/op, time", p->interval);
	for (s = p->section; s < p->section + p->sections; s++)
		for (i = 0; i < s->rows; i++)
			put_row(s->workload, s->row[i], out);
	fputc('\n', out);
	if (p->hidden)
		fprintf(out, "%zu more classes show no more than background on both sides.\n\n",
			p->hidden);
}

static void put_pair(const struct comparison_pair *p, FILE *out)
{
	size_t i;

	put_item(out, "**A** ", p->side[0]);
	put_item(out, "**B** ", p->side[1]);
	if (*p->axis)
		put_item(out, "", p->axis);
	if (p->emulator[0] || p->emulator[1])
		put_item(out, "", "times are those of an emulator");
	put_table(p, out);
	for (i = 0; i < p->totals.lines; i++)
		put_item(out, "", p->totals.line[i]);
	put_item(out, "", p->summary);
	for (i = 0; i < p->warnings.lines; i++)
		put_item(out, "warning: ", p->warnings.line[i]);
}

int compare_markdown(const struct comparison *all, FILE *out, bool colour)
{
	size_t i;

	(void)colour;
	for (i = 0; i < all->pairs; i++) {
		if (i)
			fputs("\n---\n\n", out);
		put_pair(&all->pair[i], out);
	}
	for (i = 0; all->findings && i < all->findings->lines; i++)
		fprintf(out, "- **FAIL** `%s`\n", all->findings->line[i]);
	return 0;
}
