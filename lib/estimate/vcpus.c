// SPDX-License-Identifier: MIT
#include "estimate/vcpus.h"

static void add(struct vcpu_share *share, const struct result *r, const struct result_vcpu *v)
{
	size_t i;

	share->cpu = v->cpu;
	share->cycles += v->cycles;
	for (i = 0; v->exits && i < r->reasons; i++)
		share->exits += v->exits[i];
}

size_t vcpus_shares(const struct result *r, const struct result_workload *w,
		    struct vcpu_share *share, size_t most)
{
	size_t i, j, n = w->samples ? w->sample[0].vcpus : 0;

	if (n > most)
		n = most;
	for (i = 0; i < n; i++)
		share[i] = (struct vcpu_share){ 0 };
	for (i = 0; i < w->samples; i++)
		for (j = 0; j < n && j < w->sample[i].vcpus; j++)
			add(&share[j], r, &w->sample[i].vcpu[j]);
	return n;
}
