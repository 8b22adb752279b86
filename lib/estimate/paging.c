// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "report/report.h"

struct kinds {
	uint64_t nested, shadow, all;
};

/* Exits that only one paging mode causes. The probe knows which these are. */
static struct kinds count_kinds(const struct result *r)
{
	struct kinds k = { .all = result_exits(r) };
	size_t i;

	for (i = 0; r->after && i < r->reasons; i++) {
		switch (exitprobe_fingerprint_codes(r->vendor, &r->reason[i], &r->after[i], 1)) {
		case EXITPROBE_LOOKS_NESTED:
			k.nested += r->after[i];
			break;
		case EXITPROBE_LOOKS_SHADOW:
			k.shadow += r->after[i];
			break;
		default:
			break;
		}
	}
	return k;
}

static enum exitprobe_fingerprint seen(const struct result *r, const struct kinds *k)
{
	if (!r->after)
		return r->fingerprint;
	if (k->nested && k->shadow)
		return EXITPROBE_LOOKS_MIXED;
	if (k->nested)
		return EXITPROBE_LOOKS_NESTED;
	return k->shadow ? EXITPROBE_LOOKS_SHADOW : EXITPROBE_LOOKS_UNDECIDED;
}

bool report_paging_contradiction(const struct result *r, char *text, size_t size)
{
	struct kinds k = count_kinds(r);
	enum exitprobe_fingerprint looks = seen(r, &k);
	double percent = k.all ? 100. / (double)k.all : 0;

	if (r->backend == EXITPROBE_NONE)
		return false;
	if (looks == EXITPROBE_LOOKS_MIXED) {
		snprintf(text, size,
			 "mixed paging modes: %" PRIu64 " exits (%.2g %% of all) cannot come from "
			 "nested paging and %" PRIu64 " (%.2g %%) cannot come from shadow paging; "
			 "measure each mode in a VM of its own",
			 k.shadow, percent * (double)k.shadow, k.nested,
			 percent * (double)k.nested);
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
			 exitprobe_fingerprint_name(looks), k.nested + k.shadow);
		return true;
	}
	return false;
}
