// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "internal.h"

static uint64_t subtract_narrow(uint64_t later, uint64_t earlier)
{
	return (uint32_t)((uint32_t)later - (uint32_t)earlier);
}

static bool ran_backwards(const struct exitprobe_snapshot *earlier,
			  const struct exitprobe_snapshot *later, unsigned int slot)
{
	return (!later->narrow && later->count[slot] < earlier->count[slot]) ||
	       later->busy[slot] < earlier->busy[slot] || later->wall[slot] < earlier->wall[slot];
}

int exitprobe_difference(const struct exitprobe_snapshot *earlier,
			 const struct exitprobe_snapshot *later, struct exitprobe_snapshot *out)
{
	const uint32_t cost = later->cost, own = later->cpuid_slot, flags = later->flags;
	const bool narrow = later->narrow;
	unsigned int i;

	if (earlier->flags != flags || earlier->narrow != narrow || earlier->cpuid_slot != own ||
	    own >= EXITPROBE_SLOTS)
		return -EINVAL;
	for (i = 0; i < EXITPROBE_SLOTS; i++) {
		if (ran_backwards(earlier, later, i))
			goto backwards;
		out->count[i] = narrow ? subtract_narrow(later->count[i], earlier->count[i])
				       : later->count[i] - earlier->count[i];
		out->busy[i] = later->busy[i] - earlier->busy[i];
		out->wall[i] = later->wall[i] - earlier->wall[i];
	}
	if (out->count[own] < cost)
		goto backwards;
	out->count[own] -= cost;
	out->cost = 0;
	out->flags = flags;
	out->cpuid_slot = own;
	out->narrow = narrow;
	return 0;

backwards:
	memset(out, 0, sizeof(*out));
	return -ERANGE;
}
