// SPDX-License-Identifier: MIT
/* The raw data, in the page: as links that download it, without a script. */
#include <errno.h>
#include <stdlib.h>

#include "report/html/html.h"
#include "report/report.h"

/* RFC 4648 */
static void put_base64(FILE *out, const char *data, size_t size)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)data;
	unsigned int group;
	size_t i;

	for (i = 0; i < size; i += 3) {
		group = (unsigned int)in[i] << 16 |
			(i + 1 < size ? (unsigned int)in[i + 1] << 8 : 0) |
			(i + 2 < size ? in[i + 2] : 0);
		fputc(digit[group >> 18], out);
		fputc(digit[group >> 12 & 63], out);
		fputc(i + 1 < size ? digit[group >> 6 & 63] : '=', out);
		fputc(i + 2 < size ? digit[group & 63] : '=', out);
	}
}

static void put_link(const struct page *p, const char *name, const char *what, const char *data,
		     size_t size)
{
	fputs("<li><a download=\"", p->out);
	html_text(p, name);
	fputs("\" href=\"data:application/json;base64,", p->out);
	put_base64(p->out, data, size);
	fputs("\">", p->out);
	html_text(p, name);
	fprintf(p->out, "</a> <small>%s, %zu kB</small></li>\n", what, (size + 999) / 1000);
}

static int put_report(const struct page *p)
{
	char *data = NULL;
	size_t size;
	FILE *f = open_memstream(&data, &size);
	int ret = f ? report_json(p->report, f) : -ENOMEM;

	if (f && fclose(f))
		ret = -ENOMEM;
	if (!ret)
		put_link(p, "report.json", "every number of this page", data, size);
	free(data);
	return ret;
}

static int put_result(const struct page *p, const struct side *side)
{
	char *data = NULL, name[SIDE_LABEL + 8];
	size_t size;
	FILE *f = open_memstream(&data, &size);
	int ret = f ? result_write_stream(side->result, f) : -ENOMEM;

	if (f && fclose(f))
		ret = -ENOMEM;
	snprintf(name, sizeof(name), "%s.json", side->name);
	if (!ret)
		put_link(p, name, "result file with all raw samples", data, size);
	free(data);
	return ret;
}

void html_raw(struct page *p)
{
	size_t i;

	html_section(p, "raw", "Data");
	fputs("<ul class=\"downloads\">\n", p->out);
	for (i = 0; i < p->s->sides && !p->error; i++)
		p->error = put_result(p, &p->s->side[i]);
	if (!p->error)
		p->error = put_report(p);
	fputs("</ul>\n</section>\n", p->out);
}
