// SPDX-License-Identifier: MIT
/* The report as one HTML file: text, tables and pictures (inline SVG, drawn here). */
#include <errno.h>

#include "estimate/paging.h"
#include "report/html/html.h"
#include "report/report.h"
#include "summary/warnings.h"

/* page.css, ended by a zero byte. CMake gives the assembler its folder. */
extern const char page_css[];
__asm__(".pushsection .rodata\n"
	"page_css:\n"
	".incbin \"page.css\"\n"
	".byte 0\n"
	".popsection\n");

static void put_head(const struct page *p)
{
	const struct sides *s = p->s;
	size_t i;

	/* The policy: no script at all, and nothing from elsewhere. */
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n<title>VM exits per operation",
	      p->out);
	for (i = 0; i < s->sides; i++)
		html_say(p, "%s %s", i ? "," : ":", s->side[i].label);
	fputs("</title>\n<style>\n", p->out);
	fputs(page_css, p->out);
	fputs("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#answers\">Skip to the "
	      "answers</a>\n",
	      p->out);
}

static void put_fact(const struct page *p, const char *before, const char *value)
{
	if (!value)
		return;
	fputs("<li>", p->out);
	html_say(p, "%s%s", before, value);
	fputs("</li>", p->out);
}

static void put_title(const struct page *p)
{
	const struct sides *s = p->s;
	const struct result *r = s->side[0].result;
	size_t i;

	fputs("<header>\n<p class=\"kicker\">kvm-exit-suite</p>\n<h1>VM exits per operation</h1>\n"
	      "<p class=\"sub\">",
	      p->out);
	for (i = 0; i < s->sides; i++) {
		fputs(i ? " against " : "", p->out);
		fprintf(p->out, "<b class=\"letter\">%c</b> ", s->side[i].letter);
		html_text(p, s->side[i].label);
	}
	fputs("</p>\n<ul class=\"chips\">", p->out);
	put_fact(p, "", exitprobe_vendor_name(r->vendor));
	put_fact(p, "guest ", result_label(r, "guest_kernel"));
	put_fact(p, "on ", result_label(r, "accelerator"));
	put_fact(p, "", r->started);
	fputs("</ul>\n</header>\n", p->out);
	fputs("<nav aria-label=\"Sections\"><a href=\"#answers\">Answers</a>"
	      "<a href=\"#overview\">Overview</a><a href=\"#workloads\">Workloads</a>"
	      "<a href=\"#counters\">Boot</a><a href=\"#handling\">Time</a>"
	      "<a href=\"#facts\">Machine</a><a href=\"#raw\">Data</a></nav>\n<main>\n",
	      p->out);
}

struct warning {
	const struct page *page;
	const struct side *side;
	size_t n;
};

static void put_warning(void *context, const char *text)
{
	struct warning *w = context;

	if (!w->n++)
		fputs("<details class=\"warnings\"><summary>Warnings: what to keep in mind before "
		      "concluding</summary>\n<ul>\n",
		      w->page->out);
	fprintf(w->page->out, "<li><b class=\"letter\">%c</b> ", w->side->letter);
	html_text(w->page, text);
	fputs("</li>\n", w->page->out);
}

/* Warnings that change the meaning of every number are not folded away. */
static void put_alarms(const struct page *p)
{
	char text[512];
	size_t i;

	for (i = 0; i < p->s->sides; i++) {
		if (!paging_contradiction(p->s->side[i].result, text, sizeof(text)))
			continue;
		fprintf(p->out, "<p class=\"alarm\" role=\"alert\"><b class=\"letter\">%c</b> ",
			p->s->side[i].letter);
		html_text(p, text);
		fputs("</p>\n", p->out);
	}
}

static void put_warnings(const struct page *p)
{
	struct warning w = { .page = p };
	size_t i;

	put_alarms(p);
	for (i = 0; i < p->s->sides; i++) {
		w.side = &p->s->side[i];
		warnings_each(&w.side->e, put_warning, &w);
	}
	if (w.n)
		fputs("</ul></details>\n", p->out);
}

int report_html(const struct report *r, FILE *out)
{
	struct page p = { .out = out, .report = r, .s = &r->sides };

	put_head(&p);
	html_patterns(&p);
	put_title(&p);
	html_tiles(&p);
	put_warnings(&p);
	html_answers(&p);
	html_overview(&p);
	html_workloads(&p);
	html_counters(&p);
	html_handling(&p);
	html_environment(&p);
	html_raw(&p);
	fprintf(out,
		"</main>\n<footer><p>Computed by <code>suite report</code> %s from the raw samples "
		"that this page carries. How: <code>docs/method.md</code> of the project. Colours: "
		"Okabe and Ito. This page runs no script and loads nothing.</p></footer>\n"
		"</body>\n</html>\n",
		SUITE_VERSION);
	return p.error;
}
