/* SPDX-License-Identifier: MIT */
/*
 * The outer VM's own counts against the last reading of one inner VM.
 *
 * A counter was read by one CPUID exit, which it includes if it is CPUID's. What came after it of
 * that reason is in the ring buffer. A slot that was zero has no reading of its own: the bitmap
 * leaf that said so stands for it. Every reason must be equal:
 *
 *   the tracepoint's count = the guest's reading + what came after that reading
 *
 * and so must be the sum with debugfs "exits", and every reason with what KVM_GET_STATS_FD shows.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <jansson.h>
#include <stdio.h>

#include "witness/evidence.h"
#include "witness/problem.h"
#include "witness/ring.h"

/* The comparison of one slot of the reading. Counts are at most INT64_MAX. */
struct compared {
	bool seen;         /* by the tracepoint */
	uint64_t kvm_exit; /* by the tracepoint */
	uint64_t after;    /* exits in the ring buffer that came after the reading */
	uint64_t ringed;   /* exits in the ring buffer */
	uint64_t binary;   /* by KVM_GET_STATS_FD of the vCPUs */
};

struct totals {
	uint64_t kvm_exit, stat_exits, unentered, binary_stats, guest, after;
};

struct verdict {
	struct reading reading;
	struct compared slot[EXITPROBE_SLOTS]; /* as reading.slot[] */
	struct ring ring;
	struct totals total;
	bool binary_stats; /* this KVM shows exits by reason */
	struct problem problem;
	bool equal; /* all are equal, and there is no problem */
};

/*
 * Returns 0 with the verdict, or a negative errno with the fault when some evidence cannot be read;
 * verdict_free() in both cases.
 */
int verdict_make(struct verdict *v, const struct evidence *e, struct fault *f);
void verdict_free(struct verdict *v);

/* Is there anything to say about this slot: did one of the two count it? */
bool verdict_shows(const struct verdict *v, unsigned int slot);

/* The document witness-MODE.json; paging: "nested", "shadow", or NULL when it is not known. NULL
 * when out of memory. */
json_t *verdict_document(const struct verdict *v, const char *paging);
/* One line for people, without a newline. */
void verdict_line(const struct verdict *v, FILE *out);

#endif
