// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "report/html/html.h"
#include "text/format.h"

void html_text(const struct page *p, const char *text)
{
	for (; text && *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", p->out);
			break;
		case '>':
			fputs("&gt;", p->out);
			break;
		case '&':
			fputs("&amp;", p->out);
			break;
		case '"':
			fputs("&quot;", p->out);
			break;
		case '\'':
			fputs("&#39;", p->out);
			break;
		default:
			/* HTML allows no other control characters. */
			if (((unsigned char)*text >= ' ' && *text != 0x7f) || *text == '\n' ||
			    *text == '\t')
				fputc(*text, p->out);
		}
	}
}

void html_say(const struct page *p, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) >= 0)
		html_text(p, text);
	va_end(args);
	free(text);
}

const char *html_side_at(const struct page *p, const struct side *side, char *text,
			 const char *format, ...)
{
	va_list args;
	int n = 0;

	text[0] = 0;
	if (p->s->sides > 1)
		n = snprintf(text, HTML_POINTER, "/sides/%td", side - p->s->side);
	va_start(args, format);
	vsnprintf(text + n, HTML_POINTER - (size_t)n, format, args);
	va_end(args);
	return text;
}

/* Ten digits, as JSON_VALUE_FLAGS; whole numbers in full, as there. */
void html_data_attributes(const struct page *p, double value, const char *at)
{
	fprintf(p->out, "=\"%.*g\" data-at=\"%s\"",
		value == round(value) && fabs(value) < 1e15 ? 15 : 10, value, at);
}

void html_data(const struct page *p, double value, const char *shown, const char *at)
{
	char number[FORMAT];

	if (isnan(value)) {
		fputs("&ndash;", p->out);
		return;
	}
	fputs("<data value", p->out);
	html_data_attributes(p, value, at);
	fputc('>', p->out);
	html_text(p, shown ? shown : format_number(value, number));
	fputs("</data>", p->out);
}

void html_section(const struct page *p, const char *id, const char *title)
{
	fprintf(p->out, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">%s</h2>\n",
		id, id, id, title);
}

void html_fold(const struct page *p, bool open, const char *title)
{
	fprintf(p->out, "<details%s><summary>", open ? " open" : "");
	html_text(p, title);
	fputs("</summary>\n<div class=\"body\">\n", p->out);
}

void html_unfold(const struct page *p)
{
	fputs("</div></details>\n", p->out);
}

void html_badge(const struct page *p, const char *kind, const char *text)
{
	fprintf(p->out, "<span class=\"badge %s\">", kind);
	html_text(p, text);
	fputs("</span>", p->out);
}
