// SPDX-License-Identifier: MIT
#include <math.h>
#include <string.h>

#include "estimate/figures.h"
#include "exec/exec.h"
#include "result/utf8.h"
#include "text/format.h"
#include "text/style.h"

#define COLUMNS "%13s %13s %13s %13s  %s\n"

static void put_command(const struct exec_table *t, FILE *out)
{
	const struct exec *x = t->x;
	char clean[120];
	char **word;

	fputs("\n", out);
	for (word = x->plan->argv; *word; word++)
		fprintf(out, "%s%s", word == x->plan->argv ? "" : " ",
			utf8_printable(*word, clean, sizeof(clean)));
	if (x->done == x->plan->repeat)
		fprintf(out, ": %u run%s", x->done, x->done == 1 ? "" : "s");
	else
		fprintf(out, ": %u of %u runs", x->done, x->plan->repeat);
	fprintf(out, ", status %d\n", exec_status(x->times[x->done - 1].status));
}

static void put_times(const struct exec_table *t, FILE *out)
{
	const char *emulator = estimate_emulator(t->x->r);
	const struct stats_interval *s = &t->seconds;
	char a[FORMAT], b[FORMAT], c[FORMAT], clean[64];

	fprintf(out, "  %s elapsed", format_ns(s->est * 1e9, a));
	if (s->coverage > 0)
		fprintf(out, " (median; %s to %s, %s)", format_ns(s->lo * 1e9, a),
			format_ns(s->hi * 1e9, b), format_percent(s->coverage, c));
	fprintf(out, ", %s user, %s system", format_ns(t->user * 1e9, a),
		format_ns(t->system * 1e9, b));
	if (emulator)
		fprintf(out, "  [%s]", utf8_printable(emulator, clean, sizeof(clean)));
	fprintf(out, "\n  %s page faults (%s major)", format_number(t->minor_faults, a),
		format_number(t->major_faults, b));
	fprintf(out, ", %s voluntary and %s other context switches\n",
		format_number(t->voluntary, a), format_number(t->involuntary, b));
}

static const char *cell_background(const struct exec_row *row, char *text)
{
	char number[FORMAT];

	if (isnan(row->background))
		return strcpy(text, "-");
	if (isnan(row->limit))
		return format_number(row->background, text);
	snprintf(text, FORMAT, "0 (<%.1g)", row->limit);
	if (row->limit >= 10)
		snprintf(text, FORMAT, "0 (<%.40s)", format_number(ceil(row->limit), number));
	return text;
}

static void put_row(const struct exec_row *row, FILE *out)
{
	const struct estimate_row *e = row->estimate;
	char exits[FORMAT], rate[FORMAT], back[FORMAT], per[FORMAT], name[FORMAT];

	snprintf(name, sizeof(name), "%.36s (%s)", e->name, e->key);
	fprintf(out, COLUMNS, format_number(row->exits.est, exits),
		format_number(round(row->per_second), rate), cell_background(row, back),
		format_exits(&e->per_op, e->exits, per), name);
	if (row->exits.coverage > 0 && row->exits.lo < row->exits.hi)
		fprintf(out, "%13s\n", format_interval(&row->exits, exits));
}

static void put_notes(const struct exec_table *t, FILE *out)
{
	const struct exec *x = t->x;
	char time[FORMAT];

	fprintf(out,
		"exits: those of the whole VM during a run, without the %u CPUID exits of the "
		"reading "
		"itself\n",
		x->reading);
	if (t->e.has_background)
		fprintf(out,
			"background: exits that come with this much time, from %s of spinning\n",
			format_ns(t->spun * 1e9, time));
	else
		fputs("background: not measured (--background 0), so it is part of all numbers\n",
		      out);
	fprintf(out, "per %s: background and an empty process subtracted\n", x->r->workload[0].op);
	if (t->seconds.coverage > 0)
		fputs("medians; if the runs differ, a count has its interval below it\n", out);
}

int exec_text(const struct exec_table *t, FILE *out)
{
	const struct exec *x = t->x;
	char exits[FORMAT], rate[FORMAT], per[FORMAT];
	size_t i;

	put_command(t, out);
	put_times(t, out);
	if (x->r->backend == EXITPROBE_NONE)
		return 0;
	snprintf(per, sizeof(per), "per %s", x->r->workload[0].op);
	fputc('\n', out);
	fprintf(out, COLUMNS, "exits", "per second", "background", per, "reason");
	for (i = 0; i < t->rows; i++)
		put_row(&t->row[i], out);
	fprintf(out, COLUMNS "\n", format_number(t->total.est, exits),
		format_number(round(t->total.est / t->seconds.est), rate), "", "", "all");
	put_notes(t, out);
	return 0;
}
