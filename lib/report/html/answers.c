// SPDX-License-Identifier: MIT
/* The page's first screen: a tile a side, and the questions with their answers. */
#include <math.h>
#include <string.h>

#include "estimate/paging.h"
#include "report/html/html.h"
#include "report/report.h"
#include "text/format.h"

static void put_boot(const struct page *p, const struct side *side)
{
	const struct counts *t = side_boot(side);
	char at[HTML_POINTER];

	if (!t)
		return;
	fputs("<p class=\"big\">", p->out);
	html_data(p, (double)t->total, NULL,
		  html_side_at(p, side, at, "/counters/%s/total", side_boot_key(side)));
	fputs("</p>\n<p class=\"unit\">exits ", p->out);
	html_text(p, side_boot_text(side));
	fputs("</p>\n", p->out);
}

static size_t sentence_at(const struct page *p, const char *key, const struct side *side)
{
	const struct summary *s = &p->report->summary;
	size_t i;

	for (i = 0; i < s->sentences; i++)
		if (!strcmp(s->sentence[i].key, key) &&
		    s->sentence[i].piece[0].text[0] == side->letter)
			break;
	return i;
}

static void put_verdicts(const struct page *p, const struct side *side)
{
	static const struct {
		enum estimate_verdict verdict;
		const char *kind, *text;
	} part[] = { { ESTIMATE_PASS, "good", "as expected" },
		     { ESTIMATE_UNEXPECTED, "bad", "not" },
		     { ESTIMATE_UNCLEAR, "doubt", "unclear" } };
	size_t i, n = sentence_at(p, "expected", side);
	char at[HTML_POINTER];

	if (n == p->report->summary.sentences)
		return;
	fputs("<p class=\"verdicts\">", p->out);
	for (i = 0; i < sizeof(part) / sizeof(*part); i++) {
		if (!side->e.count[part[i].verdict] && i)
			continue;
		snprintf(at, sizeof(at), "/summary/%zu/figures/%zu", n, i);
		fprintf(p->out, "<span class=\"badge %s\">", part[i].kind);
		html_data(p, (double)side->e.count[part[i].verdict], NULL, at);
		fprintf(p->out, " %s</span> ", part[i].text);
	}
	fputs("</p>\n", p->out);
}

static void put_trust(const struct page *p, const struct side *side)
{
	char text[512];

	fputs("<p class=\"verdicts\">", p->out);
	if (side->result->backend == EXITPROBE_NONE)
		html_badge(p, "doubt", "times only: no exit counters");
	else if (paging_contradiction(side->result, text, sizeof(text)))
		html_badge(p, "bad",
			   side->e.fingerprint == EXITPROBE_LOOKS_MIXED
				   ? "mixed paging modes"
				   : "the counts contradict the paging mode");
	else if (side->e.fingerprint != EXITPROBE_LOOKS_UNDECIDED)
		html_badge(p, "good",
			   side->result->paging != EXITPROBE_PAGING_UNKNOWN
				   ? "the counts agree with the paging mode"
			   : side->e.fingerprint == EXITPROBE_LOOKS_NESTED
				   ? "the counts look like nested paging"
				   : "the counts look like shadow paging");
	if (side->witness)
		html_badge(p, side->witness->equal ? "good" : "bad",
			   side->witness->equal ? "the outer VM counted the same"
						: "the outer VM counted differently");
	if (estimate_emulator(side->result))
		html_badge(p, "plain", "times are the emulator's");
	fputs("</p>\n", p->out);
}

void html_tiles(const struct page *p)
{
	const struct side *side;
	size_t i;

	fputs("<div class=\"tiles\">\n", p->out);
	for (i = 0; i < p->s->sides; i++) {
		side = &p->s->side[i];
		fprintf(p->out, "<div class=\"tile\"><h2><b class=\"letter\">%c</b> ",
			side->letter);
		html_text(p, side->label);
		fputs("</h2>\n", p->out);
		put_boot(p, side);
		put_verdicts(p, side);
		put_trust(p, side);
		fputs("</div>\n", p->out);
	}
	fputs("</div>\n", p->out);
}

static void put_sentence(const struct page *p, size_t i)
{
	const struct sentence *s = &p->report->summary.sentence[i];
	const struct piece *piece;
	char at[HTML_POINTER];
	size_t j;

	fprintf(p->out, "<li data-sentence=\"/summary/%zu/text\">", i);
	for (j = 0; j < s->pieces; j++) {
		piece = &s->piece[j];
		if (!piece->figure) {
			html_text(p, piece->text);
			continue;
		}
		snprintf(at, sizeof(at), "/summary/%zu/figures/%u", i, piece->figure - 1);
		html_data(p, piece->value, piece->text, at);
	}
	fputs("</li>\n", p->out);
}

void html_answers(const struct page *p)
{
	const struct summary *s = &p->report->summary;
	const char *question = NULL;
	size_t i;

	html_section(p, "answers", "Summary");
	for (i = 0; i < s->sentences; i++) {
		if (!question || strcmp(question, s->sentence[i].question)) {
			if (question)
				fputs("</ul></div>\n", p->out);
			question = s->sentence[i].question;
			fputs("<div class=\"answer\"><h3>", p->out);
			html_text(p, question);
			fputs("</h3><ul>\n", p->out);
		}
		put_sentence(p, i);
	}
	if (question)
		fputs("</ul></div>\n", p->out);
	fputs("</section>\n", p->out);
}
