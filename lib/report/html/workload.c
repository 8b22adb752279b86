// SPDX-License-Identifier: MIT
/* One workload, folded: its bars with all repeats, and a table a side. */
#include <math.h>
#include <string.h>

#include "report/html/html.h"
#include "text/format.h"

static size_t number_of(const struct side *side, const struct estimate_workload *w)
{
	return (size_t)(w - side->e.workload);
}

/* The longest bar or the farthest point of any side. */
static double farthest(const struct page *p, const char *name)
{
	const struct per_op_total *t;
	double most = 0;
	size_t i, j;

	for (i = 0; i < p->s->sides; i++) {
		t = side_per_op_total(&p->s->side[i], name);
		for (j = 0; t && j < t->repeats; j++)
			most = fmax(most, t->repeat[j]);
		if (t)
			most = fmax(most, t->est);
	}
	return most;
}

static void put_points(const struct page *p, const struct side *side, size_t n, double end)
{
	const struct per_op_total *t = &side->total[n];
	char at[HTML_POINTER], number[FORMAT];
	size_t i;

	for (i = 0; i < t->repeats; i++) {
		if (isnan(t->repeat[i]))
			continue;
		fprintf(p->out,
			"<circle class=\"point\" cx=\"%.4f%%\" cy=\"%zu\" r=\"3.5\" data-value",
			100 * fmax(0, t->repeat[i]) / end, 6 + 12 * i / (t->repeats + !t->repeats));
		html_data_attributes(
			p, t->repeat[i],
			html_side_at(p, side, at, "/workloads/%zu/total/repeats/%zu", n, i));
		fprintf(p->out, "><title>repeat %zu: %s</title></circle>", i + 1,
			format_number(t->repeat[i], number));
	}
}

static void put_bar(const struct page *p, const struct side *side,
		    const struct estimate_workload *w, double end)
{
	char at[HTML_POINTER], number[FORMAT];
	size_t n = number_of(side, w);

	fprintf(p->out,
		"<div class=\"bar tall\"><b class=\"letter\">%c</b><svg role=\"img\" "
		"width=\"100%%\" "
		"height=\"24\"><title>",
		side->letter);
	html_say(p, "%s, %s: %s exits per %s; points are the repeats", w->w->name, side->label,
		 format_number(side->total[n].est, number), w->w->op);
	fputs("</title>", p->out);
	html_segments(p, side, n, end);
	put_points(p, side, n, end);
	fputs("</svg><span class=\"n\">", p->out);
	html_data(p, side->total[n].est, NULL,
		  html_side_at(p, side, at, "/workloads/%zu/total/est", n));
	fputs("</span></div>\n", p->out);
}

static void put_picture(const struct page *p, const char *name)
{
	double most = farthest(p, name), end = html_axis_end(most);
	const struct estimate_workload *w;
	size_t i;

	if (!(most > 0))
		return;
	for (i = 0; i < p->s->sides; i++) {
		w = side_workload(&p->s->side[i], name);
		if (w && w->counted)
			put_bar(p, &p->s->side[i], w, end);
	}
	fputs("<div class=\"bar\"><span></span>", p->out);
	html_axis(p, end, "exits/op");
	fputs("<span></span></div>\n", p->out);
}

static void put_time(const struct page *p, const struct side *side,
		     const struct estimate_workload *w)
{
	const struct stats_interval *i = &w->cycles.interval;
	double scale = side->e.ns_per_cycle;
	char at[HTML_POINTER], text[FORMAT];
	size_t n = number_of(side, w);

	if (isnan(i->est * scale))
		return;
	fputs("<p>", p->out);
	html_data(p, i->est * scale, format_ns(i->est * scale, text),
		  html_side_at(p, side, at, "/workloads/%zu/ns_per_op/est", n));
	fputs(" per ", p->out);
	html_text(p, w->w->op);
	fputs(" (median of ", p->out);
	html_data(p, (double)i->n, NULL,
		  html_side_at(p, side, at, "/workloads/%zu/ns_per_op/n", n));
	fputs(" repeats), at least ", p->out);
	html_data(p, i->min * scale, format_ns(i->min * scale, text),
		  html_side_at(p, side, at, "/workloads/%zu/ns_per_op/min", n));
	fprintf(p->out, "%s.",
		estimate_emulator(side->result) ? ", in the emulator&rsquo;s time" : "");
	if (w->w->mechanism) {
		fputs(" By ", p->out);
		html_text(p, w->w->mechanism);
		fputs(".", p->out);
	}
	fputs("</p>\n", p->out);
}

static void put_side(struct page *p, const struct side *side, const char *name)
{
	const struct estimate_workload *w = side_workload(side, name);

	if (!w)
		return;
	fprintf(p->out, "<h4><b class=\"letter\">%c</b> ", side->letter);
	html_text(p, side->label);
	if (w->w->status != RESULT_DONE) {
		fputs(" ", p->out);
		html_badge(p, w->w->status == RESULT_FAILED ? "bad" : "doubt",
			   result_status_name(w->w->status));
	}
	fputs("</h4>\n", p->out);
	if (w->w->reason) {
		fputs("<p>", p->out);
		html_text(p, w->w->reason);
		fputs("</p>\n", p->out);
	}
	put_time(p, side, w);
	if (w->counted)
		html_table(p, side, w);
}

static void put_brief(const struct page *p, const char *name)
{
	static const char *const kind[] = { "plain", "good", "doubt", "bad" };
	const struct estimate_workload *w;
	const struct side *side;
	char at[HTML_POINTER];
	size_t i, n;

	fputs("<span class=\"brief\">", p->out);
	for (i = 0; i < p->s->sides; i++) {
		side = &p->s->side[i];
		w = side_workload(side, name);
		if (!w)
			continue;
		n = number_of(side, w);
		fprintf(p->out, "<span><b class=\"letter\">%c</b> ", side->letter);
		if (w->w->status == RESULT_SKIPPED || w->w->status == RESULT_FAILED)
			html_badge(p, w->w->status == RESULT_FAILED ? "bad" : "doubt",
				   result_status_name(w->w->status));
		else
			html_data(p, side->total[n].est, NULL,
				  html_side_at(p, side, at, "/workloads/%zu/total/est", n));
		if (w->verdict != ESTIMATE_NO_VERDICT)
			fprintf(p->out, " <i class=\"dot %s\" title=\"%s\"></i>", kind[w->verdict],
				estimate_verdict_name(w->verdict));
		fputs("</span>", p->out);
	}
	fputs("</span>", p->out);
}

static void put_workload(struct page *p, const struct result_workload *w)
{
	size_t i;

	fputs("<details class=\"work\"><summary><span class=\"name\">", p->out);
	html_text(p, w->name);
	fputs(" <small>per ", p->out);
	html_text(p, w->op);
	fputs("</small></span>", p->out);
	put_brief(p, w->name);
	fputs("</summary>\n<div class=\"body\"><p>", p->out);
	html_text(p, w->summary);
	if (w->control) {
		fputs(". Its control: ", p->out);
		html_text(p, w->control);
	}
	fputs(".</p>\n", p->out);
	put_picture(p, w->name);
	fputs("<div class=\"sides\">\n", p->out);
	for (i = 0; i < p->s->sides; i++) {
		fputs("<div>", p->out);
		put_side(p, &p->s->side[i], w->name);
		fputs("</div>\n", p->out);
	}
	fputs("</div>\n</div></details>\n", p->out);
}

void html_workloads(struct page *p)
{
	const struct side *side, *at;
	size_t i, j, n = 0;
	const char *name;
	bool seen;

	html_section(p, "workloads", "Workload by workload");
	for (i = 0; i < p->s->sides; i++)
		n += p->s->side[i].e.workloads;
	fprintf(p->out, "<p class=\"quiet\">%s</p>\n",
		n ? "Exits per operation; what is within the background is left out of pictures "
		    "and "
		    "sums. Open one for its repeats, reasons, intervals and sources."
		  : "These files hold no workloads.");
	for (i = 0; i < p->s->sides; i++) {
		side = &p->s->side[i];
		for (j = 0; j < side->e.workloads; j++) {
			name = side->e.workload[j].w->name;
			for (at = p->s->side, seen = false; at < side; at++)
				seen |= side_workload(at, name) != NULL;
			if (!seen)
				put_workload(p, side->e.workload[j].w);
		}
	}
	fputs("</section>\n", p->out);
}
