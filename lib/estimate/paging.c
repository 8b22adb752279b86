// SPDX-License-Identifier: MIT
#include "estimate/paging.h"

#include <inttypes.h>
#include <string.h>

#include "text/format.h"

/* Exits that only one paging mode causes: how many, and which reasons. */
struct evidence {
	uint64_t exits;
	char reasons[160];
};

static void add_evidence(struct evidence *e, const struct result *r, size_t i)
{
	const struct exitprobe_reason *reason = exitprobe_reason(r->vendor, r->reason[i]);
	size_t length = strlen(e->reasons);
	char number[FORMAT];

	e->exits += r->after[i];
	snprintf(e->reasons + length, sizeof(e->reasons) - length, "%s%s %s", length ? ", " : "",
		 reason ? reason->name : "unknown", format_number((double)r->after[i], number));
}

/* The probe knows which reasons these are. */
static enum exitprobe_fingerprint gather(const struct result *r, struct evidence *nested,
					 struct evidence *shadow)
{
	size_t i;

	for (i = 0; r->after && i < r->reasons; i++) {
		switch (exitprobe_fingerprint_codes(r->vendor, &r->reason[i], &r->after[i], 1)) {
		case EXITPROBE_LOOKS_NESTED:
			add_evidence(nested, r, i);
			break;
		case EXITPROBE_LOOKS_SHADOW:
			add_evidence(shadow, r, i);
			break;
		default:
			break;
		}
	}
	return exitprobe_fingerprint_of(nested->exits, shadow->exits);
}

enum exitprobe_fingerprint paging_seen(const struct result *r, char *text, size_t size)
{
	struct evidence nested = { 0 }, shadow = { 0 };
	enum exitprobe_fingerprint looks = gather(r, &nested, &shadow);
	uint64_t all = result_exits(r);
	double percent = all ? 100. / (double)all : 0;
	char total[FORMAT];

	format_number((double)all, total);
	if (looks == EXITPROBE_LOOKS_MIXED)
		snprintf(text, size,
			 "mixed: of %s exits %.2f %% cannot be nested paging (%s), and %.2f %% "
			 "cannot be shadow paging (%s)",
			 total, percent * (double)shadow.exits, shadow.reasons,
			 percent * (double)nested.exits, nested.reasons);
	else if (looks == EXITPROBE_LOOKS_UNDECIDED)
		snprintf(text, size, "undecided: no exit that only one paging mode causes");
	else
		snprintf(text, size,
			 "%s: %.2f %% of %s exits cannot be %s paging (%s), and none "
			 "contradicts",
			 exitprobe_fingerprint_name(looks),
			 percent * (double)(nested.exits + shadow.exits), total,
			 looks == EXITPROBE_LOOKS_NESTED ? "shadow" : "nested",
			 nested.exits ? nested.reasons : shadow.reasons);
	return looks;
}

bool paging_contradiction(const struct result *r, char *text, size_t size)
{
	struct evidence nested = { 0 }, shadow = { 0 };
	enum exitprobe_fingerprint looks = gather(r, &nested, &shadow);
	uint64_t all = result_exits(r);
	double percent = all ? 100. / (double)all : 0;

	if (!r->after)
		looks = r->fingerprint;
	if (r->backend == EXITPROBE_NONE)
		return false;
	if (looks == EXITPROBE_LOOKS_MIXED) {
		snprintf(text, size,
			 "mixed paging modes: %" PRIu64 " exits (%.2g %% of all) cannot come from "
			 "nested paging and %" PRIu64 " (%.2g %%) cannot come from shadow paging; "
			 "measure each mode in a VM of its own",
			 shadow.exits, percent * (double)shadow.exits, nested.exits,
			 percent * (double)nested.exits);
		return true;
	}
	if ((r->paging == EXITPROBE_NESTED && looks == EXITPROBE_LOOKS_SHADOW) ||
	    (r->paging == EXITPROBE_SHADOW && looks == EXITPROBE_LOOKS_NESTED)) {
		snprintf(text, size,
			 "the hypervisor says %s paging (%s), but the counts look like %s paging "
			 "(%" PRIu64 " exits that the other mode does not have): read the module's "
			 "ept or npt parameter in the outer VM before you conclude anything",
			 exitprobe_paging_name(r->paging),
			 r->paging_source ? r->paging_source : "source not recorded",
			 exitprobe_fingerprint_name(looks), nested.exits + shadow.exits);
		return true;
	}
	return false;
}
