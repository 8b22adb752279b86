// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "internal.h"

static uint64_t join(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

/* Count comes last, so that it includes the exit that reads wall. */
static void read_slot(struct reader *r, struct exitprobe_snapshot *s, uint32_t slot)
{
	const uint32_t subleaf = slot | (s->flags & EXITPROBE_THIS_VCPU ? THIS_VCPU_BIT : 0);
	uint32_t regs[4];

	if (s->flags & EXITPROBE_WALL) {
		ep_read(r, LEAF_WALL, subleaf, regs);
		s->wall[slot] = join(regs[EAX], regs[EBX]);
	}
	ep_read(r, LEAF_COUNT, subleaf, regs);
	s->count[slot] = join(regs[EAX], regs[EBX]);
	s->busy[slot] = join(regs[ECX], regs[EDX]);
}

/*
 * Are these still counters, or a basic leaf that a host without the patch repeats? No slot beyond
 * the last is used; the CPUID slot is, since we ask by CPUID; and the slot 128 further on is not,
 * but would be in a leaf that ignores the subleaf.
 */
static bool plausible(const struct exitprobe *p, const uint32_t used[EXITPROBE_SLOTS / 32])
{
	const uint32_t own = exitprobe_cpuid_slot(p), bit = 1u << own % 32;
	uint32_t slot;

	for (slot = p->slots; slot < EXITPROBE_SLOTS; slot++)
		if (used[slot / 32] >> slot % 32 & 1)
			return false;
	return used[own / 32] & bit && !(used[own / 32 + 4] & bit);
}

static int read_leaves(const struct exitprobe *p, struct reader *r, struct exitprobe_snapshot *s)
{
	uint32_t used[EXITPROBE_SLOTS / 32] = { 0 };
	uint32_t slot, group;

	for (group = 0; group * 128 < EXITPROBE_SLOTS; group++)
		ep_read(r, LEAF_NON_ZERO, group, &used[group * 4]);
	if (!plausible(p, used))
		return -EIO;
	for (slot = 0; slot < p->slots; slot++)
		if (slot != s->cpuid_slot && used[slot / 32] >> slot % 32 & 1)
			read_slot(r, s, slot);
	read_slot(r, s, s->cpuid_slot);
	return s->count[s->cpuid_slot] < r->cost ? -EIO : 0;
}

/*
 * Cycles come before the count, as above. EAX alone is the count: some implementations leave
 * garbage in the other registers.
 */
static void read_reason(struct reader *r, struct exitprobe_snapshot *s,
			const struct course_layout *layout, uint32_t slot)
{
	const uint32_t code = ep_slot_code(slot);
	uint32_t regs[4];

	if (layout->cycles) {
		ep_read(r, layout->cycles, code, regs);
		s->busy[slot] = join(regs[ECX], regs[EBX]);
	}
	ep_read(r, layout->count, code, regs);
	s->count[slot] = regs[EAX];
}

static int read_course(const struct exitprobe *p, struct reader *r, struct exitprobe_snapshot *s)
{
	const struct course_layout *layout = ep_course_layout(p->backend);
	const struct exitprobe_reason *reason;
	unsigned int i, n;
	int slot;

	if (!ep_course_heeds_undefined(r, layout, p->vendor))
		return -EIO;
	reason = exitprobe_reasons(p->vendor, &n);
	for (i = 0; i < n; i++) {
		slot = ep_code_slot(reason[i].code);
		if (slot >= 0 && (uint32_t)slot != s->cpuid_slot)
			read_reason(r, s, layout, (uint32_t)slot);
	}
	read_reason(r, s, layout, s->cpuid_slot);
	return 0;
}

static unsigned int flags_of(enum exitprobe_backend backend)
{
	switch (backend) {
	case EXITPROBE_LEAVES:
	case EXITPROBE_PAGE:
		return EXITPROBE_WALL | EXITPROBE_THIS_VCPU;
	default:
		return 0;
	}
}

int exitprobe_snapshot(const struct exitprobe *p, unsigned int flags, struct exitprobe_snapshot *s)
{
	struct reader r = { p->source, 0 };
	int err;

	memset(s, 0, sizeof(*s));
	if (p->backend == EXITPROBE_NONE)
		return -ENODEV;
	if (flags & ~flags_of(p->backend))
		return -ENOTSUP;
	s->flags = flags;
	s->cpuid_slot = exitprobe_cpuid_slot(p);
	switch (p->backend) {
	case EXITPROBE_LEAVES:
		err = read_leaves(p, &r, s);
		break;
	case EXITPROBE_PAGE:
		err = ep_read_pages(p, &r, s);
		break;
	default:
		s->narrow = true;
		err = read_course(p, &r, s);
	}
	if (err)
		memset(s, 0, sizeof(*s));
	else
		s->cost = r.cost;
	return err;
}

int exitprobe_count(const struct exitprobe *p, uint32_t slot, uint64_t *count)
{
	struct reader r = { p->source, 0 };
	uint32_t regs[4];

	*count = 0;
	if (p->backend == EXITPROBE_NONE)
		return -ENODEV;
	if (p->backend != EXITPROBE_LEAVES)
		return -ENOTSUP;
	if (slot >= p->slots)
		return -EINVAL;
	ep_read(&r, LEAF_COUNT, slot, regs);
	*count = join(regs[EAX], regs[EBX]);
	return 0;
}

int exitprobe_histogram(const struct exitprobe *p, uint32_t slot, uint32_t buckets[64])
{
	struct reader r = { p->source, 0 };
	uint32_t group;

	memset(buckets, 0, 64 * sizeof(buckets[0]));
	if (p->backend == EXITPROBE_NONE)
		return -ENODEV;
	if (!p->histograms)
		return -ENOTSUP;
	if (slot >= p->slots)
		return -EINVAL;
	for (group = 0; group < 16; group++)
		ep_read(&r, LEAF_HISTOGRAM, slot | group << 16, &buckets[group * 4]);
	return 64;
}
