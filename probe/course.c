// SPDX-License-Identifier: MIT
/*
 * The course leaves have no signature, and three layouts of them are in use, so they are recognised
 * by behaviour: between two readings of a leaf this code executes a known number of CPUIDs, and
 * each of them is one exit. The total must grow by at least that number (other exits happen), the
 * per-reason count of CPUID by exactly that number, and a reason that no manual defines must be
 * answered as the course says. Constant data, such as a basic leaf that KVM repeats for an unknown
 * one, fails at once.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define LEAF_TOP 0x4fffffffu
#define ROUNDS 10      /* at most; other vCPUs that execute CPUID spoil some */
#define AGREEING 4     /* rounds that must agree, of four sizes */
#define NEAR 0x100000u /* exits of the whole VM between two readings of the total */

/* Leaves below LEAF_TOP, the index of the arrays here. */
enum { F, E, D, C, WATCHED };

/* Where each layout has what. */
static const struct course_layout layouts[] = {
	{ EXITPROBE_COURSE_A, LEAF_TOP - F, LEAF_TOP - D, LEAF_TOP - C },
	{ EXITPROBE_COURSE_B, LEAF_TOP - C, LEAF_TOP - E, LEAF_TOP - F },
	{ EXITPROBE_COURSE_C, LEAF_TOP - F, LEAF_TOP - E, 0 },
};

#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

struct watch {
	uint32_t last;
	unsigned int exact;  /* rounds in which it grew by the CPUIDs executed */
	unsigned int near;   /* by that or slightly more */
	unsigned int behind; /* by less: it cannot be counting them */
	bool moved;
};

/* Codes to query: CPUID, and one that the manual leaves undefined. */
struct codes {
	enum exitprobe_vendor vendor;
	uint32_t cpuid, undefined;
};

static const struct codes vmx = { EXITPROBE_VMX, VMX_CPUID, 35 };
static const struct codes svm = { EXITPROBE_SVM, SVM_CPUID, 0xbf };

const struct course_layout *ep_course_layout(enum exitprobe_backend backend)
{
	unsigned int i;

	for (i = 0; i < LAYOUTS; i++)
		if (layouts[i].backend == backend)
			return &layouts[i];
	return NULL;
}

/* F and C are read with the undefined reason, with which only a total moves. */
static uint32_t read_watched(struct reader *r, const struct codes *codes, unsigned int i)
{
	uint32_t regs[4];

	ep_read(r, LEAF_TOP - i, i == F || i == C ? codes->undefined : codes->cpuid, regs);
	return regs[EAX];
}

static void watch_round(struct reader *r, const struct codes *codes, unsigned int fillers,
			struct watch watch[WATCHED])
{
	const uint32_t executed = WATCHED + fillers;
	uint32_t regs[4], now, delta;
	unsigned int i;

	for (i = 0; i < fillers; i++)
		ep_read(r, 0, 0, regs);
	for (i = 0; i < WATCHED; i++) {
		now = read_watched(r, codes, i);
		delta = now - watch[i].last;
		watch[i].last = now;
		watch[i].exact += delta == executed;
		watch[i].near += delta >= executed && delta - executed < NEAR;
		watch[i].behind += delta < executed;
		watch[i].moved |= delta != 0;
	}
}

static const struct course_layout *match(const struct watch watch[WATCHED])
{
	const struct course_layout *found = NULL;
	const struct watch *total, *count;
	unsigned int i;

	for (i = 0; i < LAYOUTS; i++) {
		total = &watch[LEAF_TOP - layouts[i].total];
		count = &watch[LEAF_TOP - layouts[i].count];
		if (total->near < AGREEING || total->behind || count->exact < AGREEING ||
		    count->behind)
			continue;
		if (found)
			return NULL; /* ambiguous: fits two layouts */
		found = &layouts[i];
	}
	return found;
}

/* Returns the layout, or NULL; *moved says whether anything looked like a total. */
static const struct course_layout *search(struct reader *r, const struct codes *codes, bool *moved)
{
	static const unsigned int fillers[] = { 1, 3, 0, 2 };
	struct watch watch[WATCHED] = { { 0 } };
	const struct course_layout *found;
	unsigned int i;

	*moved = false;
	for (i = 0; i < WATCHED; i++)
		watch[i].last = read_watched(r, codes, i);
	for (i = 0; i < ROUNDS; i++) {
		watch_round(r, codes, fillers[i % 4], watch);
		*moved = watch[F].moved || watch[C].moved;
		if (!*moved || (!watch[E].moved && !watch[D].moved))
			return NULL;
		found = match(watch);
		if (found)
			return found;
	}
	return NULL;
}

bool ep_course_heeds_undefined(struct reader *r, const struct course_layout *layout,
			       enum exitprobe_vendor vendor)
{
	uint32_t regs[4];

	ep_read(r, layout->count, vendor == EXITPROBE_SVM ? svm.undefined : vmx.undefined, regs);
	return !regs[EAX] && !regs[EBX] && !regs[ECX] && regs[EDX] == 0xffffffffu;
}

static int accept(struct exitprobe *p, struct reader *r, const struct course_layout *layout,
		  const struct codes *codes)
{
	char key[24];

	if (!ep_course_heeds_undefined(r, layout, codes->vendor)) {
		snprintf(p->why, sizeof(p->why),
			 "leaves 0x4ffffffc.. look like %s, but do not answer the undefined %s as "
			 "that layout must: not trusted; fix the patch or use this project's",
			 exitprobe_backend_name(layout->backend),
			 exitprobe_key(codes->vendor, codes->undefined, key));
		return -ENODEV;
	}
	p->backend = layout->backend;
	p->course_layout = layout->backend;
	p->vendor = codes->vendor;
	p->slots = ABI_SLOTS;
	p->cycles = layout->cycles != 0;
	return 0;
}

int ep_open_course(struct exitprobe *p, struct reader *r, const struct host *host)
{
	const struct codes *const order[2] = { host->amd ? &svm : &vmx, host->amd ? &vmx : &svm };
	const struct course_layout *layout;
	bool moved;
	unsigned int i;

	/* Try both: a guest can be shown the other vendor's name. */
	for (i = 0; i < 2; i++) {
		layout = search(r, order[i], &moved);
		if (layout)
			return accept(p, r, layout, order[i]);
		if (!moved)
			return -ENODEV;
	}
	snprintf(p->why, sizeof(p->why),
		 "leaves 0x4ffffffc.. move, but not by the CPUIDs executed as a course layout "
		 "must: not trusted; try again with other vCPUs idle, or use this project's patch");
	return -ENODEV;
}
