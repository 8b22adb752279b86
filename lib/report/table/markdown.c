// SPDX-License-Identifier: MIT
/* GitHub-flavoured Markdown: for an issue, a commit message, a page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/figures.h"
#include "report/report.h"
#include "summary/warnings.h"
#include "text/format.h"
#include "text/markdown.h"

static void put_summary(const struct summary *s, FILE *out)
{
	const char *question = NULL;
	char *text;
	size_t i;

	for (i = 0; i < s->sentences; i++) {
		if (!question || strcmp(question, s->sentence[i].question))
			fprintf(out, "%s### %s\n\n", i ? "\n" : "", s->sentence[i].question);
		question = s->sentence[i].question;
		text = sentence_text(&s->sentence[i]);
		fputs("- ", out);
		markdown_text(out, text);
		fputc('\n', out);
		free(text);
	}
}

static const char *verdict(const struct estimate_workload *w)
{
	if (w->w->status != RESULT_DONE)
		return result_status_name(w->w->status);
	return w->verdict == ESTIMATE_NO_VERDICT ? "" : estimate_verdict_name(w->verdict);
}

/* "2 cr-access, 0.25 msr", of what the operation causes. */
static void put_classes(const struct estimate_workload *w, FILE *out)
{
	const struct estimate_class *c;
	char number[FORMAT];
	size_t i, n = 0;

	for (i = 0; i < w->classes; i++) {
		c = &w->exit_class[i];
		if (per_op_total_has(c))
			fprintf(out, "%s%s %s", n++ ? ", " : "",
				format_exits(&c->per_op, c->exits, number),
				exitprobe_class_name(c->exit_class));
	}
	if (!n && w->counted)
		fputc('0', out);
}

static void put_table(const struct side *side, FILE *out)
{
	const struct estimate_workload *w;
	char number[FORMAT];
	double ns;
	size_t i;

	fprintf(out, "\n### %c, ", side->letter);
	markdown_text(out, side->label);
	fprintf(out,
		"\n\n| workload | per | exits/op | time%s | verdict |\n|---|---|--:|--:|---|\n",
		estimate_emulator(side->result) ? " (emulator's)" : "");
	for (i = 0; i < side->e.workloads; i++) {
		w = &side->e.workload[i];
		ns = w->cycles.interval.est * side->e.ns_per_cycle;
		fputs("| ", out);
		markdown_text(out, w->w->name);
		fputs(" | ", out);
		markdown_text(out, w->w->op);
		fputs(" | ", out);
		put_classes(w, out);
		fprintf(out, " | %s | %s |\n", isnan(ns) ? "" : format_ns(ns, number), verdict(w));
	}
}

static void put_warning(void *context, const char *text)
{
	fputs("- Warning: ", context);
	markdown_text(context, text);
	fputc('\n', context);
}

int report_markdown(const struct report *r, FILE *out)
{
	const struct sides *s = &r->sides;
	size_t i;

	fputs("## VM exits per operation\n\n", out);
	put_summary(&r->summary, out);
	for (i = 0; i < s->sides; i++) {
		put_table(&s->side[i], out);
		fputc('\n', out);
		warnings_each(&s->side[i].e, put_warning, out);
	}
	return 0;
}
