// SPDX-License-Identifier: MIT
/* The report as one HTML file: tables only, no script, nothing loaded from elsewhere. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "report/format.h"
#include "report/lines.h"
#include "report/report.h"
#include "report/warnings.h"

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<title>VM exits per operation</title>\n<style>\n"
	":root{color-scheme:light dark}\n"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}\n"
	"h2{margin:2rem 0 0}div{overflow-x:auto}\n"
	"table{border-collapse:collapse;width:100%}\n"
	"th,td{padding:.2rem .6rem;text-align:left;border-bottom:1px solid #8884}\n"
	"td.n{text-align:right;font-variant-numeric:tabular-nums}\n"
	".warning,.unclear{font-weight:bold}.unexpected{font-weight:bold;color:#c00}\n"
	"@media(prefers-color-scheme:dark){.unexpected{color:#f66}}\n"
	"</style></head><body>\n<h1>VM exits per operation</h1>\n";

static void put(FILE *out, const char *text)
{
	for (; text && *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			/* HTML allows no other control characters. */
			if ((unsigned char)*text >= ' ' || *text == '\n' || *text == '\t')
				fputc(*text, out);
		}
	}
}

static void put_cell(FILE *out, const char *class, const char *text)
{
	fprintf(out, "<td class=\"%s\">", class);
	put(out, text);
	fputs("</td>", out);
}

static void put_fact(FILE *out, const char *name, const char *value)
{
	fputs("<tr><th>", out);
	put(out, name);
	fputs("</th>", out);
	put_cell(out, "", value ? value : "not recorded");
	fputs("</tr>\n", out);
}

static void put_line(FILE *out, const struct line *l)
{
	const char *verdict = l->judged ? estimate_verdict_name(l->judged->verdict) : NULL;
	struct cells c;

	line_cells(l, &c);
	fputs("<tr>", out);
	put_cell(out, "", l->name);
	put_cell(out, "", exitprobe_class_name(l->class));
	put_cell(out, "n", c.value);
	put_cell(out, "n", c.interval);
	put_cell(out, "n", c.band);
	put_cell(out, verdict ? verdict : "", verdict);
	fputs("</tr>\n", out);
}

static int put_exits(FILE *out, const struct estimate_workload *w)
{
	struct lines l;
	size_t i;

	if (lines_make(&l, w))
		return -ENOMEM;
	if (l.lines)
		fputs("<div><table><tr><th>reason</th><th>class</th><th>exits/op</th>"
		      "<th>interval</th><th>expected</th><th>verdict</th></tr>\n",
		      out);
	for (i = 0; i < l.lines; i++)
		put_line(out, &l.line[i]);
	if (l.lines)
		fputs("</table></div>\n", out);
	if (l.quiets)
		fputs("<p>No more than background:", out);
	for (i = 0; i < l.quiets; i++) {
		fputs(i ? ", " : " ", out);
		put(out, l.quiet[i]->name);
	}
	if (l.quiets)
		fputs("</p>\n", out);
	lines_free(&l);
	return 0;
}

static int put_workload(FILE *out, const struct estimate *e, const struct estimate_workload *w)
{
	const struct stats_interval *i = &w->cycles.interval;
	const char *emulator = estimate_emulator(e->result);
	char est[FORMAT], min[FORMAT];

	fputs("<h2>", out);
	put(out, w->w->name);
	fputs("</h2>\n<p>Per ", out);
	put(out, w->w->op);
	if (w->w->status != RESULT_DONE) {
		fprintf(out, ": <b>%s</b> ", result_status_name(w->w->status));
		put(out, w->w->reason);
	}
	if (!isnan(i->est * e->ns_per_cycle)) {
		fprintf(out, ": %s median of %zu, minimum %s",
			format_ns(i->est * e->ns_per_cycle, est), i->n,
			format_ns(i->min * e->ns_per_cycle, min));
		if (emulator)
			fputs(" (the emulator's time)", out);
	}
	fputs("</p>\n", out);
	return w->counted ? put_exits(out, w) : 0;
}

static void put_warning(void *context, const char *text)
{
	fputs("<p class=\"warning\">Warning: ", context);
	put(context, text);
	fputs("</p>\n", context);
}

static void put_facts(FILE *out, const struct result *r)
{
	size_t i;

	fputs("<div><table>\n", out);
	put_fact(out, "started", r->started);
	put_fact(out, "vendor", exitprobe_vendor_name(r->vendor));
	put_fact(out, "paging", exitprobe_paging_name(r->paging));
	put_fact(out, "paging learned from", r->paging_source);
	put_fact(out, "counters", exitprobe_backend_name(r->backend));
	if (r->backend == EXITPROBE_NONE)
		put_fact(out, "exits not available", r->why);
	for (i = 0; i < r->facts; i++)
		put_fact(out, r->fact[i].name, r->fact[i].value);
	fputs("</table></div>\n", out);
}

int report_html(const struct result *r, FILE *out)
{
	struct estimate e;
	size_t i;
	int ret;

	ret = estimate_make(&e, r);
	if (ret)
		goto out;
	fputs(head, out);
	warnings_each(&e, put_warning, out);
	put_facts(out, r);
	for (i = 0; i < e.workloads && !ret; i++)
		ret = put_workload(out, &e, &e.workload[i]);
	fputs("</body></html>\n", out);
out:
	estimate_free(&e);
	return ret;
}
