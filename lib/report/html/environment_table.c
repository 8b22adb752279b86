// SPDX-License-Identifier: MIT
/* The environment and what supports the counts: a column per side, differences marked. */
#include <math.h>
#include <string.h>

#include "report/html/html.h"
#include "text/format.h"

static void begin_table(const struct page *p)
{
	size_t i;

	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"A column for each "
	      "side\">"
	      "<table><thead><tr><td></td>",
	      p->out);
	for (i = 0; i < p->s->sides; i++) {
		fprintf(p->out, "<th scope=\"col\"><b class=\"letter\">%c</b> ",
			p->s->side[i].letter);
		html_text(p, p->s->side[i].label);
		fputs("</th>", p->out);
	}
	fputs("</tr></thead><tbody>\n", p->out);
}

static void end_table(const struct page *p)
{
	fputs("</tbody></table></div>\n", p->out);
}

static const char *known(const char *text)
{
	return text ? text : "not recorded";
}

/* value[]: one text per side. */
static void put_texts(const struct page *p, const char *name, const char *const *value)
{
	/* These always differ. */
	bool differs = false, own = !strcmp(name, "file") || !strcmp(name, "started");
	size_t i;

	for (i = 1; i < p->s->sides; i++)
		differs |= !own && strcmp(known(value[i]), known(value[0])) != 0;
	fputs(differs ? "<tr class=\"differs\"><th scope=\"row\">" : "<tr><th scope=\"row\">",
	      p->out);
	html_text(p, name);
	if (differs)
		fputs(" <span class=\"badge doubt\">differs</span>", p->out);
	fputs("</th>", p->out);
	for (i = 0; i < p->s->sides; i++) {
		fputs("<td>", p->out);
		html_text(p, known(value[i]));
		fputs("</td>", p->out);
	}
	fputs("</tr>\n", p->out);
}

static void put_probe(const struct page *p)
{
	const char *vendor[SIDES_MAX] = { 0 }, *backend[SIDES_MAX] = { 0 };
	const char *paging[SIDES_MAX] = { 0 }, *source[SIDES_MAX] = { 0 };
	const char *looks[SIDES_MAX] = { 0 }, *started[SIDES_MAX] = { 0 };
	const char *file[SIDES_MAX] = { 0 }, *why[SIDES_MAX] = { 0 };
	const struct result *r;
	bool missing = false;
	size_t i;

	for (i = 0; i < p->s->sides; i++) {
		r = p->s->side[i].result;
		file[i] = p->s->side[i].name;
		started[i] = r->started;
		vendor[i] = exitprobe_vendor_name(r->vendor);
		backend[i] = exitprobe_backend_name(r->backend);
		paging[i] = exitprobe_paging_name(r->paging);
		source[i] = r->paging_source;
		looks[i] = exitprobe_fingerprint_name(p->s->side[i].e.fingerprint);
		why[i] = r->backend == EXITPROBE_NONE ? r->why : "available";
		missing |= r->backend == EXITPROBE_NONE;
	}
	put_texts(p, "file", file);
	put_texts(p, "started", started);
	put_texts(p, "vendor", vendor);
	put_texts(p, "counters", backend);
	if (missing)
		put_texts(p, "exits", why);
	put_texts(p, "paging", paging);
	put_texts(p, "paging learned from", source);
	put_texts(p, "the counts look", looks);
}

static void put_environment(const struct page *p)
{
	const char *value[SIDES_MAX] = { 0 }, *name;
	const struct result *r;
	size_t i, j, k;
	bool seen;

	html_fold(p, true, "Environment");
	begin_table(p);
	put_probe(p);
	for (i = 0; i < p->s->sides; i++) {
		r = p->s->side[i].result;
		for (j = 0; j < r->labels; j++) {
			name = r->label[j].name;
			for (k = 0, seen = false; k < p->s->sides; k++) {
				value[k] = result_label(p->s->side[k].result, name);
				seen |= k < i && value[k];
			}
			if (!seen)
				put_texts(p, name, value);
		}
	}
	end_table(p);
	html_unfold(p);
}

/* A number of every side's calibration, under its key. */
static void put_numbers(const struct page *p, const char *name, const char *key,
			double (*of)(const struct side *))
{
	char at[HTML_POINTER];
	const struct side *side;
	size_t i;

	fprintf(p->out, "<tr><th scope=\"row\">%s</th>", name);
	for (i = 0; i < p->s->sides; i++) {
		side = &p->s->side[i];
		fputs("<td>", p->out);
		html_data(p, of(side), NULL, html_side_at(p, side, at, "%s", key));
		fputs("</td>", p->out);
	}
	fputs("</tr>\n", p->out);
}

static double counted(const struct side *side, uint32_t n)
{
	const struct result *r = side->result;

	return r->backend == EXITPROBE_NONE || !r->calibration.brackets ? NAN : n;
}

static double brackets(const struct side *s)
{
	return counted(s, s->result->calibration.brackets);
}

static double brackets_exact(const struct side *s)
{
	return counted(s, s->result->calibration.brackets_exact);
}

static double bracket_cost(const struct side *s)
{
	return counted(s, s->result->calibration.bracket_cost);
}

static double clock_exits(const struct side *s)
{
	return counted(s, s->result->calibration.clock_exits);
}

static double tsc_khz(const struct side *s)
{
	return s->result->calibration.tsc_khz > 0 ? s->result->calibration.tsc_khz : NAN;
}

static double host_tsc_khz(const struct side *s)
{
	return s->result->host_tsc_khz ? s->result->host_tsc_khz : NAN;
}

static void put_calibration(const struct page *p)
{
	html_fold(p, false, "Calibration");
	begin_table(p);
	put_numbers(p, "empty windows measured", "/calibration/brackets", brackets);
	put_numbers(p, "of these, exactly the probe&rsquo;s own exits",
		    "/calibration/brackets_exact", brackets_exact);
	put_numbers(p, "exits that a reading costs", "/calibration/bracket_cost", bracket_cost);
	put_numbers(p, "exits of 1,000 readings of the clock", "/calibration/clock_exits",
		    clock_exits);
	put_numbers(p, "guest TSC, kHz", "/calibration/tsc_khz", tsc_khz);
	put_numbers(p, "host TSC, kHz", "/calibration/host_tsc_khz", host_tsc_khz);
	end_table(p);
	html_unfold(p);
}

static double kvm_exit(const struct side *s)
{
	return s->witness ? (double)s->witness->kvm_exit : NAN;
}

static double stat_exits(const struct side *s)
{
	return s->witness ? (double)s->witness->stat_exits : NAN;
}

static double guest(const struct side *s)
{
	return s->witness ? (double)s->witness->guest : NAN;
}

static double after(const struct side *s)
{
	return s->witness ? (double)s->witness->after : NAN;
}

static void put_witness(const struct page *p)
{
	const char *verdict[SIDES_MAX] = { 0 };
	const struct witness *w;
	size_t i, n = 0;

	for (i = 0; i < p->s->sides; i++) {
		w = p->s->side[i].witness;
		n += w != NULL;
		verdict[i] = !w           ? "no witness"
			     : w->equal   ? "equal, reason by reason"
			     : w->problem ? w->problem
					  : "NOT equal";
	}
	html_fold(p, false, "The outer VM's witness");
	if (n) {
		begin_table(p);
		put_texts(p, "verdict", verdict);
		put_numbers(p, "exits by its tracepoint kvm_exit", "/witness/kvm_exit", kvm_exit);
		put_numbers(p, "exits by its statistics", "/witness/stat_exits", stat_exits);
		put_numbers(p, "exits that the guest read", "/witness/guest", guest);
		put_numbers(p, "exits after that reading", "/witness/after", after);
		end_table(p);
	} else {
		fputs("<p>No file witness-NAME next to the result file: only the "
		      "guest&rsquo;s "
		      "own counters support these counts. <code>./suite lab run</code> makes "
		      "one.</p>\n",
		      p->out);
	}
	html_unfold(p);
}

void html_environment(const struct page *p)
{
	html_section(p, "facts", "Environment, and what supports the counts");
	put_environment(p);
	put_calibration(p);
	put_witness(p);
	fputs("</section>\n", p->out);
}
