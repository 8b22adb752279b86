// SPDX-License-Identifier: MIT
/* A gnuplot script with its data: stacked bars of exits per operation, a group of bars a side. */
#include <math.h>
#include <string.h>

#include "report/report.h"
#include "result/utf8.h"
#include "text/style.h"

static void classes_of(const struct sides *s, bool *classes)
{
	const struct estimate_workload *w;
	size_t i, j, k;

	for (i = 0; i < s->sides; i++)
		for (j = 0; j < s->side[i].e.workloads; j++) {
			w = &s->side[i].e.workload[j];
			for (k = 0; k < w->classes; k++)
				classes[w->exit_class[k].exit_class] |=
					per_op_total_has(&w->exit_class[k]);
		}
}

/* A string of a data block: gnuplot knows no escape for its quotes, and long names leave no room.
 */
static void put_text(FILE *out, const char *text)
{
	char clean[40];
	const char *at;

	for (at = utf8_printable(text, clean, sizeof(clean)); *at; at++)
		fputc(*at == '"' ? '\'' : *at, out);
}

static void put_row(const struct estimate_workload *w, const bool *classes, FILE *out)
{
	const struct estimate_class *c;
	int k;

	fputc('"', out);
	put_text(out, w->w->name);
	fputc('"', out);
	for (k = 0; k < EXITPROBE_CLASSES; k++) {
		if (!classes[k])
			continue;
		c = estimate_class(w, (enum exitprobe_class)k);
		fprintf(out, " %.10g", c && per_op_total_has(c) ? c->per_op.interval.est : 0);
	}
	fputc('\n', out);
}

static bool is_drawn(const struct estimate_workload *w)
{
	return w->counted && strcmp(w->w->name, CONTROL_SPIN) && strcmp(w->w->name, CONTROL_NULL);
}

static size_t put_data(const struct side *side, const bool *classes, FILE *out)
{
	size_t i, n = 0;

	fprintf(out, "$%c << EOD\n", side->letter);
	for (i = 0; i < side->e.workloads; i++)
		if (is_drawn(&side->e.workload[i])) {
			put_row(&side->e.workload[i], classes, out);
			n++;
		}
	fputs("EOD\n", out);
	return n;
}

/* In single quotes gnuplot expands nothing. */
static void put_title(const struct side *side, FILE *out)
{
	const char *text = side->label;

	fprintf(out, "'%c, ", side->letter);
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

/* From here on the classes repeat the colours. */
#define FIRST_HATCHED EXITPROBE_INTERRUPT_WINDOW

static void put_plot(const struct side *side, const bool *classes, size_t at, FILE *out)
{
	int column = 1, k;

	fprintf(out, "%snewhistogram '' lt 1 at %zu", at ? ", \\\n     " : "plot ", at);
	for (k = 0; k < EXITPROBE_CLASSES; k++) {
		if (!classes[k])
			continue;
		column++;
		fprintf(out, ", \\\n     $%c using %d%s linetype %d fillstyle %s ", side->letter,
			column, column == 2 ? ":xtic(1)" : "", k + 1,
			k < FIRST_HATCHED ? "solid" : "pattern 5");
		if (!at)
			fprintf(out, "title '%s'", exitprobe_class_name((enum exitprobe_class)k));
		else
			fputs("notitle", out);
	}
}

/* Okabe and Ito's, in the order of the classes; the rarer ones repeat them with a pattern. */
static void put_style(FILE *out)
{
	static const char *const colour[EXITPROBE_CLASSES] = { "#d55e00", "#0072b2", "#e69f00",
							       "#56b4e9", "#009e73", "#cc79a7",
							       "#f0e442", "#999999", "#4d4d4d",
							       "#f0e442", "#cc79a7", "#009e73",
							       "#999999", "#d55e00", "#0072b2" };
	int k;

	for (k = 0; k < EXITPROBE_CLASSES; k++)
		fprintf(out, "set linetype %d lc rgb '%s'\n", k + 1, colour[k]);
	fputs("set style data histogram\nset style histogram rowstacked title offset character "
	      "0,-5\n"
	      "set style fill solid border -1\nset boxwidth 0.8\nset grid ytics\n"
	      "set ylabel 'exits per operation'\nset xtics rotate by -40 scale 0\nset tmargin 4\n"
	      "set key outside right\nset yrange [0:*]\n",
	      out);
}

/* Bars of each side follow those of the one before, with a gap; its name stands above them. */
static void put_sides(const struct sides *s, const bool *classes, const size_t *rows, FILE *out)
{
	size_t i, at = 0;

	for (i = 0; i < s->sides; i++) {
		if (!rows[i])
			continue;
		fputs("set label ", out);
		put_title(&s->side[i], out);
		fprintf(out, " at first %.1f, graph 1.04 center\n",
			(double)at + (double)(rows[i] - 1) / 2);
		at += rows[i] + 2;
	}
	for (i = 0, at = 0; i < s->sides; i++) {
		if (!rows[i])
			continue;
		put_plot(&s->side[i], classes, at, out);
		at += rows[i] + 2;
	}
	fputc('\n', out);
}

int report_gnuplot(const struct report *r, FILE *out)
{
	const struct sides *s = &r->sides;
	bool classes[EXITPROBE_CLASSES] = { false };
	size_t i, rows[SIDES_MAX], most = 0;
	int k, n = 0;

	classes_of(s, classes);
	for (k = 0; k < EXITPROBE_CLASSES; k++)
		n += classes[k];
	fputs("# gnuplot THIS >exits.svg\n"
	      "if (!exists('terminal')) terminal = 'svg size 1200,600 dynamic background "
	      "\"white\"'\n"
	      "set terminal @terminal\nset termoption noenhanced\n",
	      out);
	put_style(out);
	for (i = 0; i < s->sides; i++) {
		rows[i] = put_data(&s->side[i], classes, out);
		most = rows[i] > most ? rows[i] : most;
	}
	if (n && most)
		put_sides(s, classes, rows, out);
	else
		fputs("set label 'no exits were counted' at graph 0.5,0.5 center\n"
		      "plot [0:1] [0:1] NaN notitle\n",
		      out);
	return 0;
}
