// SPDX-License-Identifier: MIT
/* The head of every result file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "guest/guest.h"

static const char *paging_source(enum exitprobe_backend backend)
{
	switch (backend) {
	case EXITPROBE_LEAVES:
		return "leaf 0x4fffff01";
	case EXITPROBE_PAGE:
		return "exit page";
	default:
		return "not available";
	}
}

int environment_probe(struct result *r, const struct exitprobe *p)
{
	uint32_t i;

	r->backend = p->backend;
	r->vendor = p->vendor;
	r->paging = p->paging;
	r->abi = p->abi;
	r->vcpus = p->vcpus;
	r->instance = p->instance;
	r->host_tsc_khz = p->host_tsc_khz;
	r->counts_l2 = p->counts_l2;
	r->paging_source = strdup(paging_source(p->backend));
	if (p->backend == EXITPROBE_NONE) {
		r->why = strdup(p->why);
		return r->why && r->paging_source ? 0 : -ENOMEM;
	}
	r->reasons = exitprobe_slots(p);
	r->reason = calloc(r->reasons, sizeof(*r->reason));
	if (!r->reason || !r->paging_source)
		return -ENOMEM;
	for (i = 0; i < r->reasons; i++)
		r->reason[i] = exitprobe_slot_code(p, i);
	return 0;
}

void environment_now(char *text, size_t size, const char *format)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, size, format, &tm);
}
