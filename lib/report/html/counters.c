// SPDX-License-Identifier: MIT
/* All exits of each VM: what the boot cost, by class and by reason. */
#include <math.h>
#include <string.h>

#include "report/html/html.h"
#include "text/format.h"

static void put_bar(const struct page *p, const struct side *side, const struct counts *t,
		    double end)
{
	char at[HTML_POINTER], number[FORMAT];
	double from = 0, count;
	int k;

	fprintf(p->out,
		"<div class=\"bar tall\"><b class=\"letter\">%c</b><svg role=\"img\" "
		"width=\"100%%\" "
		"height=\"24\"><title>",
		side->letter);
	html_say(p, "%s: %s exits since the VM's start", side->label,
		 format_number((double)t->total, number));
	fputs("</title>", p->out);
	for (k = 0; k < EXITPROBE_CLASSES; k++) {
		count = (double)t->exit_class[k];
		if (!t->exit_class[k])
			continue;
		html_segment(p, from / end, count / end, (enum exitprobe_class)k, count,
			     html_side_at(p, side, at, "/counters/%s/classes/%s",
					  side_boot_key(side),
					  exitprobe_class_name((enum exitprobe_class)k)));
		from += count;
	}
	fputs("</svg><span class=\"n\">", p->out);
	html_data(p, (double)t->total, NULL,
		  html_side_at(p, side, at, "/counters/%s/total", side_boot_key(side)));
	fputs("</span></div>\n", p->out);
}

static void put_picture(const struct page *p)
{
	bool classes[EXITPROBE_CLASSES] = { false };
	const struct counts *t;
	double most = 0, end;
	size_t i;
	int k;

	for (i = 0; i < p->s->sides; i++) {
		t = side_boot(&p->s->side[i]);
		if (!t)
			continue;
		most = fmax(most, (double)t->total);
		for (k = 0; k < EXITPROBE_CLASSES; k++)
			classes[k] |= t->exit_class[k] > 0;
	}
	end = html_axis_end(most);
	html_legend(p, classes);
	for (i = 0; i < p->s->sides; i++) {
		t = side_boot(&p->s->side[i]);
		if (t)
			put_bar(p, &p->s->side[i], t, end);
	}
	fputs("<div class=\"bar\"><span></span>", p->out);
	html_axis(p, end, "exits");
	fputs("<span></span></div>\n", p->out);
}

static void put_rows(const struct page *p, const struct side *side, const struct counts *t)
{
	char at[HTML_POINTER], share[FORMAT];
	const struct counts_row *row;
	size_t i;

	for (i = 0; i < t->rows; i++) {
		row = &t->row[i];
		fprintf(p->out,
			"<tr><th scope=\"row\">%s<small>%s, %s</small></th><td class=\"n\">",
			row->name, exitprobe_class_name(row->exit_class), row->key);
		html_data(p, (double)row->count, NULL,
			  html_side_at(p, side, at, "/counters/%s/rows/%zu/count",
				       side_boot_key(side), i));
		fputs("</td><td class=\"n\">", p->out);
		html_data(p, counts_share(t, row->count),
			  format_percent(counts_share(t, row->count), share),
			  html_side_at(p, side, at, "/counters/%s/rows/%zu/share",
				       side_boot_key(side), i));
		fputs("</td></tr>\n", p->out);
	}
}

static void put_table(const struct page *p, const struct side *side, const struct counts *t)
{
	char title[SIDE_LABEL + 32], at[HTML_POINTER];

	snprintf(title, sizeof(title), "%c, %s: by reason", side->letter, side->label);
	html_fold(p, false, title);
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Exits by "
	      "reason\"><table>"
	      "<thead><tr><th scope=\"col\">reason</th><th scope=\"col\" class=\"n\">exits</th>"
	      "<th scope=\"col\" class=\"n\">share</th></tr></thead><tbody>\n",
	      p->out);
	put_rows(p, side, t);
	fputs("</tbody></table></div>\n", p->out);
	if (t->unlisted) {
		fputs("<p class=\"quiet\">Exits of reasons that the listing omits: ", p->out);
		html_data(p, (double)t->unlisted, NULL,
			  html_side_at(p, side, at, "/counters/%s/unlisted", side_boot_key(side)));
		fputs(".</p>\n", p->out);
	}
	html_unfold(p);
}

void html_counters(const struct page *p)
{
	const struct counts *t;
	size_t i, n = 0;

	html_section(p, "counters", "From the VM&rsquo;s start");
	for (i = 0; i < p->s->sides; i++)
		n += side_boot(&p->s->side[i]) != NULL;
	if (!n)
		fputs("<p>These files hold no counters since the start of the VM.</p>\n", p->out);
	else
		put_picture(p);
	for (i = 0; i < p->s->sides; i++) {
		t = side_boot(&p->s->side[i]);
		if (t)
			put_table(p, &p->s->side[i], t);
	}
	fputs("</section>\n", p->out);
}
