// SPDX-License-Identifier: MIT
/* What was measured and where, and how far its numbers can be trusted. */
#include <math.h>
#include <string.h>

#include "report/text/text.h"
#include "result/utf8.h"
#include "text/format.h"

static void label(const struct styled *t, const char *name)
{
	style_print(t, FAINT, "%-12s", name);
}

static void about_run(const struct styled *t, const struct result *r)
{
	char version[32], started[40];

	label(t, "run");
	fprintf(t->out, "%s, suite %s, seed %llu, %u repeats%s\n",
		utf8_printable(r->started, started, sizeof(started)),
		utf8_printable(r->tool_version, version, sizeof(version)),
		(unsigned long long)r->seed, r->repeat, r->complete ? "" : ", not completed");
}

static void about_guest(const struct styled *t, const struct result *r)
{
	static const struct {
		const char *name, *before, *after;
	} shown[] = { { "guest_kernel", "", "" },
		      { "cpus", "", " CPU" },
		      { "pti", "PTI ", "" },
		      { "thp", "THP ", "" },
		      { "clocksource", "clock ", "" } };
	const char *value, *separator = "";
	char clean[64];
	size_t i;

	label(t, "guest");
	for (i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		value = result_label(r, shown[i].name);
		if (!value)
			continue;
		fprintf(t->out, "%s%s%s%s", separator, shown[i].before,
			utf8_printable(value, clean, sizeof(clean)), shown[i].after);
		separator = ", ";
	}
	fputs(*separator ? "\n" : "not recorded\n", t->out);
}

static const char *agreement(const struct estimate *e)
{
	switch (e->fingerprint) {
	case EXITPROBE_LOOKS_NESTED:
		return e->result->paging == EXITPROBE_NESTED ? "; the counts agree"
							     : "; the counts look nested";
	case EXITPROBE_LOOKS_SHADOW:
		return e->result->paging == EXITPROBE_SHADOW
			       ? "; the counts agree"
			       : "; the counts look like shadow paging";
	case EXITPROBE_LOOKS_MIXED:
		return "; the counts are mixed";
	default:
		return "; the counts do not show it";
	}
}

static void about_probe(const struct styled *t, const struct estimate *e)
{
	const struct result *r = e->result;
	char clean[256];

	label(t, "exits");
	if (r->backend == EXITPROBE_NONE) {
		fprintf(t->out, "not available: %s\n",
			utf8_printable(r->why, clean, sizeof(clean)));
		return;
	}
	fprintf(t->out, "%s, counters: %s", exitprobe_vendor_name(r->vendor),
		exitprobe_backend_name(r->backend));
	if (r->abi)
		fprintf(t->out, " (ABI %u)", r->abi);
	fputc('\n', t->out);
	label(t, "paging");
	fprintf(t->out, "%s (from: %s)%s\n", exitprobe_paging_name(r->paging),
		utf8_printable(r->paging_source, clean, sizeof(clean)), agreement(e));
}

static void about_time(const struct styled *t, const struct result *r)
{
	const char *emulator = estimate_emulator(r), *name = result_label(r, "accelerator");
	char clean[64];

	label(t, "times");
	utf8_printable(emulator ? emulator : name, clean, sizeof(clean));
	if (emulator)
		style_print(t, DOUBTFUL,
			    "of the emulator %s, not of hardware: counts are valid, times are not",
			    clean);
	else if (name && strcmp(name, "unknown"))
		fprintf(t->out, "of this machine (accelerator: %s)", clean);
	else
		fputs("accelerator unknown: if this is an emulator, the times are its own", t->out);
	fputc('\n', t->out);
}

static void about_background(const struct styled *t, const struct estimate *e)
{
	const struct result *r = e->result;
	double all = 0, per_second = 1e9 / e->ns_per_cycle;
	const struct exitprobe_reason *reason;
	const char *separator = ": ";
	char number[FORMAT], key[24];
	size_t i;

	if (!e->has_background || isnan(per_second))
		return;
	for (i = 0; i < r->reasons; i++)
		all += e->per_cycle[i] * per_second;
	label(t, "background");
	fprintf(t->out, "%s exits/s while spinning", format_number(all, number));
	for (i = 0; i < r->reasons; i++) {
		if (e->per_cycle[i] * per_second < 0.01 * all || !all)
			continue;
		reason = exitprobe_reason(r->vendor, r->reason[i]);
		fprintf(t->out, "%s%s %s", separator,
			reason ? reason->name : exitprobe_key(r->vendor, r->reason[i], key),
			format_number(e->per_cycle[i] * per_second, number));
		separator = ", ";
	}
	fputc('\n', t->out);
}

void text_head(const struct styled *t, const struct estimate *e)
{
	about_run(t, e->result);
	about_guest(t, e->result);
	about_probe(t, e);
	about_time(t, e->result);
	about_background(t, e);
}
