// SPDX-License-Identifier: GPL-2.0-only
/*
 * The histograms of busy cycles, against the counters of the same slot. A bucket is credited
 * together with its exit's time, so an exit being handled has a count and no bucket yet: at most
 * one per vCPU.
 */
#include <stdio.h>
#include <string.h>

#include "guest.h"

#define BUCKETS 64
#define GROUPS 16
#define HIST (CLASS + 6)

struct hist {
	uint32_t bucket[BUCKETS];
	uint64_t sum, least, most; /* of the buckets; cycles that they stand for */
};

static struct hist hist(uint32_t which)
{
	struct hist h = { 0 };
	uint32_t i;

	for (i = 0; i < GROUPS; i++) {
		struct regs r = cpuid(HIST, which | i << 16);

		memcpy(&h.bucket[i * 4], &r, sizeof(r));
	}
	for (i = 0; i < BUCKETS; i++) {
		h.sum += h.bucket[i];
		if (h.bucket[i]) {
			h.least += h.bucket[i] * (i ? 1ull << i : 0);
			h.most += h.bucket[i] * ((2ull << i) - 1);
		}
	}
	return h;
}

static bool slot_agrees(uint32_t slot, uint32_t which, uint32_t vcpus)
{
	uint64_t n = count(slot | which), b = busy(slot | which);
	struct hist h = hist(slot | which);
	uint64_t n_after = count(slot | which), b_after = busy(slot | which);

	return h.sum + vcpus >= n && h.sum <= n_after && h.least <= b_after && h.most >= b;
}

/* No exits for these reasons occur meanwhile, so their histograms are complete. */
static bool quiet_slots_are_exact(uint32_t cpuid_slot)
{
	unsigned int exact = 0;
	uint32_t slot;

	for (slot = 0; slot < SLOTS; slot++) {
		uint64_t n = count(slot | THIS_VCPU);
		struct hist h = hist(slot | THIS_VCPU);

		if (slot == cpuid_slot || !n || count(slot | THIS_VCPU) != n)
			continue;
		if (h.sum != n)
			return false;
		exact++;
	}
	return exact > 0;
}

static void check_out_of_range(void)
{
	bool ok = true;
	uint32_t i;

	for (i = GROUPS; i < 256; i++)
		ok &= zero(cpuid(HIST, i << 16 | TOTAL)) && zero(cpuid(HIST, i << 16 | 0x72));
	for (i = SLOTS; i < TOTAL; i += 5)
		ok &= zero(cpuid(HIST, i | 3 << 16)) && zero(cpuid(HIST, i | THIS_VCPU));
	for (i = 24; i < 31; i++)
		ok &= zero(cpuid(HIST, 1u << i | 3 << 16 | TOTAL));
	report(ok, "histograms: slots, groups and bits out of range are zero");
}

void check_histograms(uint32_t cpuid_slot, uint32_t vcpus)
{
	bool all = true, own = true;
	struct hist total;
	uint32_t slot;

	check_out_of_range();
	for (slot = 0; slot < SLOTS; slot++) {
		all &= slot_agrees(slot, 0, vcpus);
		own &= slot_agrees(slot, THIS_VCPU, 1);
	}
	report(all, "histograms: buckets add up to count and busy cycles of each slot");
	report(own, "histograms: and to those of this vCPU");
	report(quiet_slots_are_exact(cpuid_slot), "histograms: slots at rest have every exit");
	report(slot_agrees(TOTAL, 0, vcpus), "histograms: the total is that of all slots");
	total = hist(TOTAL);
	for (slot = 0; slot < BUCKETS; slot++)
		if (total.bucket[slot])
			printf("# 2^%-2u cycles: %u exits\n", slot, total.bucket[slot]);
}
