// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>

#include "run/plan.h"
#include "stats/stats.h"

int plan_block(struct block *b, size_t n, uint64_t seed, uint32_t repeat)
{
	struct stats_rng rng;
	size_t i, j, sizes[SIZES];

	b->order = malloc((n ? n : 1) * sizeof(*b->order));
	b->size = malloc((n ? n : 1) * sizeof(*b->size));
	if (!b->order || !b->size) {
		plan_free(b);
		return -ENOMEM;
	}
	/* An odd multiplier gives the repeats of one seed unrelated streams, and repeat 3 is the
	 * same in a longer run. */
	stats_seed(&rng, seed ^ (repeat + 1) * 0x9e3779b97f4a7c15ull);
	for (i = 0; i < n; i++)
		b->order[i] = i;
	stats_shuffle(&rng, b->order, n);
	for (i = 0; i < n; i++) {
		for (j = 0; j < SIZES; j++)
			sizes[j] = j;
		stats_shuffle(&rng, sizes, SIZES);
		for (j = 0; j < SIZES; j++)
			b->size[i][j] = (uint8_t)sizes[j];
	}
	return 0;
}

void plan_free(struct block *b)
{
	free(b->order);
	free(b->size);
	b->order = NULL;
	b->size = NULL;
}
