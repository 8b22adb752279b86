// SPDX-License-Identifier: MIT
/*
 * Bars, their colours and their axis. Positions are shares of a picture's width, so that bars grow
 * and shrink with the page while text and points keep their size.
 */
#include <math.h>

#include "report/html/html.h"
#include "text/format.h"

/*
 * Okabe and Ito's palette has eight colours; the rarer classes, which come last, are hatched with
 * one of them. The colours themselves are in page.css.
 */
#define FIRST_HATCHED EXITPROBE_INTERRUPT_WINDOW

void html_patterns(const struct page *p)
{
	const char *name;
	int i;

	fputs("<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n",
	      p->out);
	for (i = FIRST_HATCHED; i < EXITPROBE_CLASSES; i++) {
		name = exitprobe_class_name((enum exitprobe_class)i);
		fprintf(p->out,
			"<pattern id=\"h-%s\" width=\"6\" height=\"6\" "
			"patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
			"<rect class=\"ground g-%s\" width=\"6\" height=\"6\"/>"
			"<rect class=\"stripe\" width=\"2.5\" height=\"6\"/></pattern>\n",
			name, name);
	}
	fputs("</defs></svg>\n", p->out);
}

void html_legend(const struct page *p, const bool *classes)
{
	const char *name;
	int k;

	fputs("<ul class=\"legend\" aria-label=\"Classes of exits by colour\">\n", p->out);
	for (k = 0; k < EXITPROBE_CLASSES; k++) {
		if (!classes[k])
			continue;
		name = exitprobe_class_name((enum exitprobe_class)k);
		fprintf(p->out,
			"<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect class=\"c "
			"c-%s\" width=\"14\" height=\"14\" rx=\"3\"/></svg>%s</li>\n",
			name, name);
	}
	fputs("</ul>\n", p->out);
}

void html_segment(const struct page *p, double from, double width, enum exitprobe_class exit_class,
		  double value, const char *at)
{
	const char *name = exitprobe_class_name(exit_class);
	char number[FORMAT];

	fprintf(p->out,
		"<rect class=\"c c-%s\" x=\"%.4f%%\" width=\"%.4f%%\" height=\"100%%\" data-value",
		name, 100 * from, 100 * width);
	html_data_attributes(p, value, at);
	fprintf(p->out, "><title>%s %s</title></rect>", name, format_number(value, number));
}

void html_segments(const struct page *p, const struct side *side, size_t n, double end)
{
	const struct estimate_workload *w = &side->e.workload[n];
	char at[HTML_POINTER];
	double from = 0, est;
	size_t i;

	for (i = 0; i < w->classes; i++) {
		if (!per_op_total_has(&w->exit_class[i]))
			continue;
		est = w->exit_class[i].per_op.interval.est;
		html_segment(p, from / end, est / end, w->exit_class[i].exit_class, est,
			     html_side_at(p, side, at, "/workloads/%zu/classes/%zu/est", n, i));
		from += est;
	}
}

double html_axis_end(double most)
{
	static const double step[] = { 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 };
	double scale;
	size_t i;

	if (!(most > 0) || isinf(most))
		return 1;
	scale = pow(10, floor(log10(most)));
	for (i = 0; i + 1 < sizeof(step) / sizeof(*step); i++)
		if (step[i] * scale >= most * 0.9999)
			break;
	return step[i] * scale;
}

/* Four parts; a scale is no number of the report, so nothing points anywhere. */
void html_axis(const struct page *p, double end, const char *unit)
{
	static const char *const anchor[] = { "start", "middle", "middle", "middle", "end" };
	char number[FORMAT];
	int i;

	fputs("<svg class=\"axis\" width=\"100%\" height=\"22\" aria-hidden=\"true\">", p->out);
	for (i = 0; i <= 4; i++)
		fprintf(p->out,
			"<line x1=\"%d%%\" x2=\"%d%%\" y1=\"0\" y2=\"5\"/>"
			"<text x=\"%d%%\" y=\"18\" text-anchor=\"%s\">%s%s%s</text>",
			25 * i, 25 * i, 25 * i, anchor[i], format_number(end * i / 4, number),
			i == 4 ? " " : "", i == 4 ? unit : "");
	fputs("</svg>\n", p->out);
}
