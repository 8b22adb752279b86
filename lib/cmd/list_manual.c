// SPDX-License-Identifier: MIT
/* The manual page of the workloads, in scdoc's language: from the same tables that run uses. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmd/list.h"
#include "expect.h"

/* What scdoc would take for markup. */
static void text(const char *s)
{
	for (; *s; s++) {
		if (strchr("\\_*#~<>|[]+-", *s) && !isalnum((unsigned char)*s))
			putchar('\\');
		putchar(*s);
	}
}

static void parameters(const struct workload *w)
{
	const struct parameter *p;

	for (p = w->parameter; p && p->name; p++) {
		fputs("\n\t*--set ", stdout);
		text(w->name);
		putchar('.');
		text(p->name);
		printf("=*_%" PRId64 "_: ", p->value);
		text(p->text);
		printf(" (%" PRId64 " to %" PRId64 "%s", p->min, p->max, *p->unit ? " " : "");
		text(p->unit);
		puts(")");
	}
}

static void band(const struct expectation *e)
{
	static const char *const paging[] = { "", "nested ", "shadow " };

	fputs("\n\t", stdout);
	fputs(paging[e->paging <= EXITPROBE_SHADOW ? e->paging : 0], stdout);
	if (e->vendor)
		printf("%s ", exitprobe_vendor_name(e->vendor));
	if (e->mechanism) {
		putchar('(');
		text(e->mechanism);
		fputs(") ", stdout);
	}
	text(exitprobe_class_name(e->exit_class));
	if (isfinite(e->high))
		printf(" %g..%g: ", e->low, e->high);
	else
		printf(" from %g: ", e->low);
	text(e->source);
	putchar('\n');
}

static void entry(const struct workload *w)
{
	const struct expectation *e;

	fputs("\n*", stdout);
	text(w->name);
	fputs("*, per ", stdout);
	text(w->op);
	fputs("\n\t", stdout);
	text(w->summary);
	putchar('.');
	if (w->control) {
		fputs(" Control: ", stdout);
		text(w->control);
		putchar('.');
	}
	putchar('\n');
	parameters(w);
	for (e = w->expect; e && e->source; e++)
		band(e);
	if (w->kernel_entries > 0)
		printf("\n\tuser\\-kernel round trips: %g. With page\\-table isolation and shadow "
		       "paging each is %d CR accesses.\n",
		       w->kernel_entries, KERNEL_ENTRY_CR);
	if (w->flushes > 0)
		printf("\n\tflushes of a single page: %g. With shadow paging each is one exit of "
		       "class invlpg, and with page\\-table isolation and INVPCID another.\n",
		       w->flushes);
}

void list_manual(const struct workload *const *list, size_t n)
{
	size_t i;

	puts("suite-workloads(7)\n\n# NAME\n\nsuite-workloads - the workloads of suite(1) and the "
	     "exits that each must cause\n\n# DESCRIPTION\n\nThe exits per operation that *suite "
	     "run* expects, by paging mode, vendor and class, with the place in KVM or the guest's "
	     "kernel that says so. A class that is not listed must stay 0, as far as the "
	     "background does not bring it. This page is made from the program's own tables.\n\n"
	     "# WORKLOADS");
	for (i = 0; i < n; i++)
		entry(list[i]);
	puts("\n# SEE ALSO\n\n*suite*(1), *suite-lab*(1)");
}
