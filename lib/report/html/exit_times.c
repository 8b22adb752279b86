// SPDX-License-Identifier: MIT
/* How long exits of each reason took. */
#include <math.h>

#include "report/html/html.h"
#include "text/format.h"

/* One scale for all sides, so that they compare: powers of two of cycles. */
struct scale {
	unsigned int first, last;
	bool known;
};

static struct scale common_scale(const struct page *p)
{
	const struct exit_time *h;
	struct scale s = { 0 };
	size_t i;

	for (i = 0; i < p->s->sides; i++) {
		h = &p->s->side[i].exit_time;
		if (!h->histograms)
			continue;
		if (!s.known || h->first < s.first)
			s.first = h->first;
		if (!s.known || h->last > s.last)
			s.last = h->last;
		s.known = true;
	}
	return s;
}

static void put_buckets(const struct page *p, const struct side *side,
			const struct exit_time_row *row, const struct scale *s, size_t n)
{
	unsigned int i, columns = s->last - s->first + 1;
	char at[HTML_POINTER], from[FORMAT], to[FORMAT], number[FORMAT];
	double most = 1, width = 100.0 / columns, height;

	for (i = row->first; i <= row->last; i++)
		most = fmax(most, (double)row->bucket[i]);
	for (i = row->first; i <= row->last; i++) {
		if (!row->bucket[i])
			continue;
		/* A column that is not empty must be visible: none is lower than a pixel. */
		height = fmax(1.5, 36 * (double)row->bucket[i] / most);
		fprintf(p->out,
			"<rect class=\"c c-%s\" x=\"%.4f%%\" width=\"%.4f%%\" y=\"%.3f\" "
			"height=\"%.3f\" "
			"data-value",
			exitprobe_class_name(row->exit_class), width * (i - s->first), width * 0.92,
			38 - height, height);
		html_data_attributes(
			p, (double)row->bucket[i],
			html_side_at(p, side, at, "/handling/%zu/log2_cycles/%u", n, i));
		fprintf(p->out, "><title>%s exits of 2^%u to 2^%u cycles",
			format_number((double)row->bucket[i], number), i, i + 1);
		if (!isnan(side->exit_time.ns_per_cycle))
			fprintf(p->out, ", %s to %s",
				format_ns(ldexp(side->exit_time.ns_per_cycle, (int)i), from),
				format_ns(ldexp(side->exit_time.ns_per_cycle, (int)i + 1), to));
		fputs("</title></rect>", p->out);
	}
}

static void put_histogram(const struct page *p, const struct side *side,
			  const struct exit_time_row *row, const struct scale *s, size_t n)
{
	char at[HTML_POINTER];

	fprintf(p->out,
		"<li class=\"hist\"><div class=\"name\">%s <small>%s</small></div><svg "
		"role=\"img\" "
		"width=\"100%%\" height=\"40\"><title>",
		row->name, exitprobe_class_name(row->exit_class));
	html_say(p, "%s, %s: how many exits took how long", row->name, side->label);
	fputs("</title><line class=\"base\" x1=\"0\" x2=\"100%\" y1=\"38.5\" y2=\"38.5\"/>",
	      p->out);
	put_buckets(p, side, row, s, n);
	fputs("</svg><span class=\"n\">", p->out);
	html_data(p, (double)row->seen, NULL, html_side_at(p, side, at, "/handling/%zu/seen", n));
	fputs("</span></li>\n", p->out);
}

/* Ends of the axis in familiar units. */
static void put_scale(const struct page *p, const struct side *side, const struct scale *s)
{
	double ns = side->exit_time.ns_per_cycle;
	char text[FORMAT];
	unsigned int power;
	int i;

	fputs("<div class=\"hist\"><span></span><svg class=\"axis\" width=\"100%\" height=\"22\" "
	      "aria-hidden=\"true\">",
	      p->out);
	for (i = 0; i <= 2; i++) {
		power = s->first + (s->last + 1 - s->first) * (unsigned int)i / 2;
		fprintf(p->out, "<text x=\"%d%%\" y=\"14\" text-anchor=\"%s\">", 50 * i,
			i == 0   ? "start"
			: i == 1 ? "middle"
				 : "end");
		if (isnan(ns))
			fprintf(p->out, "2^%u cycles</text>", power);
		else
			fprintf(p->out, "%s</text>", format_ns(ldexp(ns, (int)power), text));
	}
	fputs("</svg><span></span></div>\n", p->out);
}

static void put_histograms(const struct page *p, const struct side *side, const struct scale *s)
{
	const struct exit_time *h = &side->exit_time;
	size_t i;

	if (!h->histograms) {
		fputs("<p class=\"quiet\">No histograms in this file: the hypervisor keeps them "
		      "when kvm.ko "
		      "is loaded with <code>exit_stats_hist=1</code>.</p>\n",
		      p->out);
		return;
	}
	fputs("<ul class=\"rows\">\n", p->out);
	for (i = 0; i < h->rows; i++)
		if (h->row[i].seen)
			put_histogram(p, side, &h->row[i], s, i);
	fputs("</ul>\n", p->out);
	put_scale(p, side, s);
	fputs("<p class=\"quiet\">Columns are powers of two of the host&rsquo;s cycles, as high as "
	      "their "
	      "share of the reason&rsquo;s exits; the number is all exits between the first and "
	      "the last "
	      "reading of the run, the probe&rsquo;s own among CPUID.</p>\n",
	      p->out);
}

static void put_row(const struct page *p, const struct side *side, size_t i)
{
	const struct exit_time *h = &side->exit_time;
	const struct exit_time_row *row = &h->row[i];
	double share = h->cycles ? (double)row->cycles / (double)h->cycles : 0;
	double mean = exit_time_mean(row);
	char at[HTML_POINTER], text[FORMAT];

	fprintf(p->out, "<tr><th scope=\"row\">%s<small>%s</small></th><td class=\"n\">", row->name,
		exitprobe_class_name(row->exit_class));
	html_data(p, (double)row->exits, NULL, html_side_at(p, side, at, "/handling/%zu/exits", i));
	fputs("</td><td class=\"n\">", p->out);
	html_data(p, mean, NULL, html_side_at(p, side, at, "/handling/%zu/mean_cycles", i));
	fputs("</td><td class=\"n\">", p->out);
	html_data(p, mean * h->ns_per_cycle, format_ns(mean * h->ns_per_cycle, text),
		  html_side_at(p, side, at, "/handling/%zu/mean_ns", i));
	fputs("</td><td class=\"n\">", p->out);
	html_data(p, share, format_percent(share, text),
		  html_side_at(p, side, at, "/handling/%zu/share", i));
	fputs("</td></tr>\n", p->out);
}

static void put_table(const struct page *p, const struct side *side)
{
	const struct exit_time *h = &side->exit_time;
	size_t i;

	if (!h->cycles)
		return;
	html_fold(p, false, "Mean time and share");
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Exit time by "
	      "reason\">"
	      "<table><thead><tr><th scope=\"col\">reason</th><th scope=\"col\" class=\"n\">exits "
	      "in windows"
	      "</th><th scope=\"col\" class=\"n\">cycles each</th><th scope=\"col\" "
	      "class=\"n\">time each</th>"
	      "<th scope=\"col\" class=\"n\">of all busy time</th></tr></thead><tbody>\n",
	      p->out);
	for (i = 0; i < h->rows; i++)
		if (h->row[i].cycles)
			put_row(p, side, i);
	fputs("</tbody></table></div>\n<p class=\"quiet\">Busy time: from an exit to the next "
	      "entry, less "
	      "what the vCPU was not on a CPU. CPUID includes the probe&rsquo;s own "
	      "readings.</p>\n",
	      p->out);
	html_unfold(p);
}

void html_handling(const struct page *p)
{
	struct scale s = common_scale(p);
	const struct side *side;
	size_t i, n = 0;

	html_section(p, "handling", "How long an exit takes");
	for (i = 0; i < p->s->sides; i++) {
		side = &p->s->side[i];
		if (!side->exit_time.rows)
			continue;
		n++;
		fprintf(p->out, "<h3><b class=\"letter\">%c</b> ", side->letter);
		html_text(p, side->label);
		if (estimate_emulator(side->result)) {
			fputs(" ", p->out);
			html_badge(p, "plain", "the emulator's time");
		}
		fputs("</h3>\n", p->out);
		put_histograms(p, side, &s);
		put_table(p, side);
	}
	if (!n)
		fputs("<p>These files hold no handling times.</p>\n", p->out);
	fputs("</section>\n", p->out);
}
