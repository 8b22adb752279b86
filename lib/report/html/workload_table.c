// SPDX-License-Identifier: MIT
/* The table of one workload on one side: reasons, intervals, expectations, and where all exits
 * went. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "estimate/lines.h"
#include "estimate/vcpus.h"
#include "report/html/html.h"
#include "text/format.h"

/* As many as a line can name. */
#define VCPUS_SHOWN 8

static size_t number_of(const struct side *side, const struct estimate_workload *w)
{
	return (size_t)(w - side->e.workload);
}

/* Pointer of a line's estimate: a row, the class' sum, or the row of a class without exits. */
static void line_at(const struct page *p, const struct side *side,
		    const struct estimate_workload *w, const struct line *l, const char *key,
		    char *at)
{
	size_t i, n = number_of(side, w);

	for (i = 0; i < w->rows; i++)
		if (l->value == &w->row[i].per_op) {
			html_side_at(p, side, at, "/workloads/%zu/per_op/%zu/%s", n, i, key);
			return;
		}
	for (i = 0; i < w->classes; i++)
		if (l->value == &w->exit_class[i].per_op)
			html_side_at(p, side, at, "/workloads/%zu/classes/%zu/%s", n, i, key);
}

static void put_cell(const struct page *p, const struct side *side,
		     const struct estimate_workload *w, const struct line *l, const char *key,
		     double value, const char *shown)
{
	char at[HTML_POINTER] = "";

	line_at(p, side, w, l, key, at);
	html_data(p, value, shown, at);
}

static void put_interval(const struct page *p, const struct side *side,
			 const struct estimate_workload *w, const struct line *l, char *text)
{
	const struct stats_interval *i = &l->value->interval;
	char *dots = strstr(text, "..");

	fputs("<td class=\"n\">", p->out);
	if (dots) {
		*dots = 0;
		put_cell(p, side, w, l, "lo", i->lo, text);
		fputs(" to ", p->out);
		put_cell(p, side, w, l, "hi", i->hi, dots + 2);
	}
	fputs("</td>", p->out);
}

static void put_band(const struct page *p, const struct side *side,
		     const struct estimate_workload *w, const struct line *l, const char *text)
{
	const struct estimate_class *c = l->judged;
	char number[FORMAT];

	fputs("<td class=\"n\">", p->out);
	if (!c || isnan(c->low) || !strcmp(text, "background")) {
		html_text(p, text);
	} else if (isinf(c->high)) {
		fputs("at least ", p->out);
		put_cell(p, side, w, l, "expected_lo", c->low,
			 format_number(fmax(0, c->low), number));
	} else {
		put_cell(p, side, w, l, "expected_lo", c->low,
			 format_number(fmax(0, c->low), number));
		fputs(" to ", p->out);
		put_cell(p, side, w, l, "expected_hi", c->high, format_number(c->high, number));
	}
	fputs("</td>", p->out);
}

static void put_line(const struct page *p, const struct side *side,
		     const struct estimate_workload *w, const struct line *l)
{
	static const char *const kind[] = { "plain", "good", "doubt", "bad" };
	struct cells c;

	line_cells(l, &c);
	fprintf(p->out, "<tr><th scope=\"row\">%s<small>%s</small></th><td class=\"n\">", l->name,
		exitprobe_class_name(l->exit_class));
	/* No exits: the interval ends at a limit. */
	if (!l->exits && !isnan(l->value->interval.hi)) {
		put_cell(p, side, w, l, "est", l->value->interval.est, "0");
		fputs(" (below ", p->out);
		put_cell(p, side, w, l, "hi", l->value->interval.hi, NULL);
		fputs(")", p->out);
	} else {
		put_cell(p, side, w, l, "est", l->value->interval.est, c.value);
	}
	fputs("</td>", p->out);
	put_interval(p, side, w, l, c.interval);
	put_band(p, side, w, l, c.band);
	fputs("<td>", p->out);
	if (l->judged && l->judged->verdict != ESTIMATE_NO_VERDICT)
		html_badge(p, kind[l->judged->verdict], estimate_verdict_name(l->judged->verdict));
	fputs("</td></tr>\n", p->out);
}

static void put_sources(const struct page *p, const struct estimate_workload *w)
{
	size_t i, n = 0;

	for (i = 0; i < w->classes; i++) {
		if (!w->exit_class[i].declared || !w->exit_class[i].source ||
		    !*w->exit_class[i].source)
			continue;
		fputs(n++ ? "<li>" : "<ul class=\"sources\"><li>", p->out);
		html_say(p, "Expected %s: %s", exitprobe_class_name(w->exit_class[i].exit_class),
			 w->exit_class[i].source);
		fputs("</li>\n", p->out);
	}
	if (n)
		fputs("</ul>\n", p->out);
}

static void put_quiet(const struct page *p, const struct lines *l)
{
	size_t i;

	for (i = 0; i < l->below; i++)
		html_say(p, "%s%s",
			 i ? ", " : "No more than background: ", l->below_threshold[i]->name);
	if (l->below)
		fputs(". ", p->out);
}

/* Where the exits of all windows went. */
static void put_shares(const struct page *p, const struct side *side,
		       const struct estimate_workload *w)
{
	const struct {
		const char *key, *before;
		double value;
	} part[] = { { "all", "", w->exits },
		     { "operation", " exits in all windows: by the operation ", w->attributed },
		     { "background", ", by the background ", w->background },
		     { "unattributed", ", unattributed ",
		       w->exits - w->attributed - w->background } };
	char at[HTML_POINTER];
	size_t i;

	for (i = 0; i < sizeof(part) / sizeof(*part); i++) {
		fputs(part[i].before, p->out);
		html_data(p, part[i].value, NULL,
			  html_side_at(p, side, at, "/workloads/%zu/quality/exits/%s",
				       number_of(side, w), part[i].key));
	}
	fputs(".", p->out);
}

/* For windows on several vCPUs at once: how evenly their exits are spread. */
static void put_vcpus(const struct page *p, const struct side *side,
		      const struct estimate_workload *w)
{
	struct vcpu_share share[VCPUS_SHOWN];
	size_t i, n = vcpus_shares(side->result, w->w, share, VCPUS_SHOWN);
	char at[HTML_POINTER];

	for (i = 0; i < n; i++) {
		fprintf(p->out, "%sCPU %u ", i ? ", " : " By vCPU: ", share[i].cpu);
		html_data(p, (double)share[i].exits, NULL,
			  html_side_at(p, side, at, "/workloads/%zu/vcpus/%zu/exits",
				       number_of(side, w), i));
	}
	if (n)
		fputs(w->w->sample[0].vcpus > n ? ", ..." : ".", p->out);
}

void html_table(struct page *p, const struct side *side, const struct estimate_workload *w)
{
	char at[HTML_POINTER], share[FORMAT];
	const struct stats_interval *i = NULL;
	struct lines l;
	size_t j;

	if (lines_make(&l, w)) {
		p->error = -ENOMEM;
		return;
	}
	if (l.lines) {
		fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Exits by "
		      "reason\">"
		      "<table><thead><tr><th scope=\"col\">reason</th><th scope=\"col\" "
		      "class=\"n\">exits/op"
		      "</th><th scope=\"col\" class=\"n\">interval",
		      p->out);
		for (j = 0; j < w->rows && !i; j++)
			if (w->row[j].per_op.interval.coverage > 0)
				i = &w->row[j].per_op.interval;
		if (i) {
			fputs(" (", p->out);
			html_data(p, i->coverage, format_percent(i->coverage, share),
				  html_side_at(p, side, at, "/workloads/%zu/per_op/%zu/coverage",
					       number_of(side, w), j - 1));
			fputs(")", p->out);
		}
		fputs("</th><th scope=\"col\" class=\"n\">expected</th><th "
		      "scope=\"col\">verdict</th>"
		      "</tr></thead><tbody>\n",
		      p->out);
		for (j = 0; j < l.lines; j++)
			put_line(p, side, w, &l.line[j]);
		fputs("</tbody></table></div>\n", p->out);
	}
	put_sources(p, w);
	fputs("<p class=\"quiet\">", p->out);
	put_quiet(p, &l);
	put_shares(p, side, w);
	put_vcpus(p, side, w);
	fputs("</p>\n", p->out);
	lines_free(&l);
}
