// SPDX-License-Identifier: MIT
/* The manual page of the workloads, in scdoc's language: from the same tables that run uses. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "catalog/catalog.h"
#include "expect.h"

/* What scdoc would take for markup. */
static void text(const char *s, FILE *out)
{
	for (; *s; s++) {
		if (strchr("\\_*#~<>|[]+-", *s) && !isalnum((unsigned char)*s))
			fputc('\\', out);
		fputc(*s, out);
	}
}

static void parameters(const struct workload *w, FILE *out)
{
	const struct parameter *p;

	for (p = w->parameter; p && p->name; p++) {
		fputs("\n\t*--set ", out);
		text(w->name, out);
		fputc('.', out);
		text(p->name, out);
		fprintf(out, "=*_%" PRId64 "_: ", p->value);
		text(p->text, out);
		fprintf(out, " (%" PRId64 " to %" PRId64 "%s", p->min, p->max, *p->unit ? " " : "");
		text(p->unit, out);
		fputs(")\n", out);
	}
}

static void band(const struct expectation *e, FILE *out)
{
	static const char *const paging[] = { "", "nested ", "shadow " };

	fputs("\n\t", out);
	fputs(paging[e->paging <= EXITPROBE_SHADOW ? e->paging : 0], out);
	if (e->vendor)
		fprintf(out, "%s ", exitprobe_vendor_name(e->vendor));
	if (e->mechanism) {
		fputc('(', out);
		text(e->mechanism, out);
		fputs(") ", out);
	}
	text(exitprobe_class_name(e->exit_class), out);
	if (isfinite(e->high))
		fprintf(out, " %g..%g: ", e->low, e->high);
	else
		fprintf(out, " from %g: ", e->low);
	text(e->source, out);
	fputc('\n', out);
}

static void entry(const struct workload *w, FILE *out)
{
	const struct expectation *e;

	fputs("\n*", out);
	text(w->name, out);
	fputs("*, per ", out);
	text(w->op, out);
	fputs("\n\t", out);
	text(w->summary, out);
	fputc('.', out);
	if (w->control) {
		fputs(" Control: ", out);
		text(w->control, out);
		fputc('.', out);
	}
	fputc('\n', out);
	parameters(w, out);
	for (e = w->expect; e && e->source; e++)
		band(e, out);
	if (w->kernel_entries > 0)
		fprintf(out,
			"\n\tuser\\-kernel round trips: %g. With page\\-table isolation and shadow "
			"paging each is %d CR accesses.\n",
			w->kernel_entries, KERNEL_ENTRY_CR);
	if (w->flushes > 0)
		fprintf(out,
			"\n\tflushes of a single page: %g. With shadow paging each is one exit of "
			"class invlpg, and with page\\-table isolation and INVPCID another.\n",
			w->flushes);
}

void catalog_manual(FILE *out)
{
	const struct workload *const *list;
	size_t i, n = registry_all(&list);

	fputs("suite-workloads(7)\n\n# NAME\n\nsuite-workloads - the workloads of suite(1) and the "
	      "exits that each must cause\n\n# DESCRIPTION\n\nThe exits per operation that *suite "
	      "run* expects, by paging mode, vendor and class, with the place in KVM or the "
	      "guest's "
	      "kernel that says so. A class that is not listed must stay 0, as far as the "
	      "background does not bring it. This page is made from the program's own tables.\n\n"
	      "# WORKLOADS\n",
	      out);
	for (i = 0; i < n; i++)
		entry(list[i], out);
	fputs("\n# SEE ALSO\n\n*suite*(1), *suite-lab*(1)\n", out);
}
