// SPDX-License-Identifier: GPL-2.0-only
/*
 * The four leaves of the course, in each of its layouts: every reason from 0 to
 * 0x500 and far ones, against the counters that the extension leaves show.
 */
#include <stddef.h>

#include "guest.h"

static bool defined(uint32_t reason)
{
	if (vendor == VMX)
		return reason <= 77 && reason != 35 && reason != 38 && reason != 42 && reason != 71;
	return reason <= 0xa3 || (reason >= 0x400 && reason <= 0x403) || reason == 0xf0000000 ||
	       reason == 0xffffffff;
}

/* Reasons that may have counted although KVM has no handler: failed VM-Entries. */
static bool handled(uint32_t reason)
{
	if (vendor == VMX)
		return reason != 33 && reason != 34;
	return reason != 0xffffffff;
}

static uint32_t slot_of(uint32_t reason)
{
	if (reason < 0xc0)
		return reason;
	if (reason >= 0x400 && reason < 0x408)
		return reason - 0x400 + 0xc0;
	return reason == 0xffffffff ? 200 : 201;
}

/* Leaves of the course, by what they show; 0: this layout has none. */
struct course {
	uint32_t total, total_cycles, reason, reason_cycles;
};

static struct course course_of(char layout)
{
	switch (layout) {
	case 'a':
		return (struct course){ 0x4fffffff, 0x4ffffffe, 0x4ffffffd, 0x4ffffffc };
	case 'b':
		return (struct course){ 0x4ffffffc, 0x4ffffffd, 0x4ffffffe, 0x4fffffff };
	default:
		return (struct course){ 0x4fffffff, 0x4fffffff, 0x4ffffffe, 0 };
	}
}

static bool between(uint64_t low, uint64_t value, uint64_t high)
{
	return low <= value && value <= high;
}

static bool course_reason_right(const struct course *leaf, uint32_t reason)
{
	uint64_t n0 = count(slot_of(reason)), b0 = busy(slot_of(reason));
	struct regs n = cpuid(leaf->reason, reason);
	struct regs c = leaf->reason_cycles ? cpuid(leaf->reason_cycles, reason) : (struct regs){};
	uint64_t n1 = count(slot_of(reason)), b1 = busy(slot_of(reason));

	if (!defined(reason))
		return same(n, 0, 0, 0, ~0u) && (!leaf->reason_cycles || same(c, 0, 0, 0, ~0u));
	if (n.c || n.d || c.a || c.d)
		return false;
	if (zero(n) && zero(c))
		return !n0 || !handled(reason);
	return between(n0, u64(n.a, n.b), n1) &&
	       (!leaf->reason_cycles || between(b0, u64(c.c, c.b), b1));
}

static void check_course_reasons(const struct course *leaf)
{
	static const uint32_t far[] = { 0x7fffffff, 0x80000000, 0x8000000a, 0x80000072, 0xf0000000,
					0xfffffffe, 0xffffffff, 0x10000,    0xffff };
	uint32_t reason, i, seen = 0;
	bool ok = true;

	for (reason = 0; reason <= 0x500; reason++) {
		ok &= course_reason_right(leaf, reason);
		seen += cpuid(leaf->reason, reason).a != 0;
	}
	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		ok &= course_reason_right(leaf, far[i]);
	report(ok, "course: every reason from 0 to 0x500, and far ones");
	report(seen >= 3, "course: some reasons have counted");
}

void check_course(char layout)
{
	struct course leaf = course_of(layout);
	uint64_t n0 = count(TOTAL), b0 = busy(TOTAL);
	struct regs n = cpuid(leaf.total, 0x12345), c = cpuid(leaf.total_cycles, 0x12345);
	uint64_t n1 = count(TOTAL), b1 = busy(TOTAL);

	if (layout == 'c') {
		report(between(n0 & ~0u, n.a, n1 & ~0u) && between(b0, u64(n.c, n.b), b1) && !n.d,
		       "course: totals, both in one leaf");
		report(zero(cpuid(0x4ffffffd, 10)) && zero(cpuid(0x4ffffffc, 10)),
		       "course: the two leaves that layout C lacks");
	} else {
		report(between(n0, u64(n.a, n.b), n1) && !n.c && !n.d, "course: total exits");
		report(between(b0, u64(c.c, c.b), b1) && !c.a && !c.d, "course: total cycles");
	}
	check_course_reasons(&leaf);
}
