// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "estimate/blocks.h"

/* By block; within a block the order does not matter, but it should not depend on qsort. */
static int by_repeat(const void *a, const void *b)
{
	const struct result_sample *x = *(const struct result_sample *const *)a;
	const struct result_sample *y = *(const struct result_sample *const *)b;

	if (x->repeat != y->repeat)
		return x->repeat < y->repeat ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static int allocate(struct blocks *b, size_t n)
{
	n = n ? n : 1;
	b->sample = calloc(n, sizeof(*b->sample));
	b->ops = calloc(n, sizeof(*b->ops));
	b->cycles = calloc(n, sizeof(*b->cycles));
	b->guest = calloc(n, sizeof(*b->guest));
	b->exits = calloc(n, sizeof(*b->exits));
	b->block = calloc(n, sizeof(*b->block));
	return b->sample && b->ops && b->cycles && b->guest && b->exits && b->block ? 0 : -ENOMEM;
}

/* Keep the entries [first, end) as a block when they hold two sizes, else move on without them. */
static void close_block(struct blocks *b, size_t first, size_t end, size_t *kept)
{
	bool two_sizes = false;
	size_t i;

	for (i = first; i < end; i++)
		two_sizes |= b->sample[i]->ops != b->sample[first]->ops;
	if (!two_sizes) {
		b->left_out++;
		return;
	}
	b->block[b->blocks++] = (struct repetition){ b->sample[first]->repeat, *kept, end - first };
	for (i = first; i < end; i++)
		b->sample[(*kept)++] = b->sample[i];
}

int blocks_make(struct blocks *b, const struct result_workload *w, bool counted)
{
	size_t i, first, n = 0, kept = 0;

	*b = (struct blocks){ 0 };
	if (allocate(b, w->samples))
		return -ENOMEM;
	for (i = 0; i < w->samples; i++)
		if (!counted || w->sample[i].exits)
			b->sample[n++] = &w->sample[i];
	qsort(b->sample, n, sizeof(*b->sample), by_repeat);
	for (first = 0; first < n; first = i) {
		for (i = first; i < n && b->sample[i]->repeat == b->sample[first]->repeat; i++)
			;
		close_block(b, first, i, &kept);
	}
	b->n = kept;
	for (i = 0; i < kept; i++) {
		b->ops[i] = (double)b->sample[i]->ops;
		b->cycles[i] = (double)b->sample[i]->cycles;
		b->all_ops += b->ops[i];
	}
	return 0;
}

void blocks_free(struct blocks *b)
{
	free(b->sample);
	free(b->ops);
	free(b->cycles);
	free(b->guest);
	free(b->exits);
	free(b->block);
	*b = (struct blocks){ 0 };
}

void blocks_guest(struct blocks *b, const struct result *r)
{
	double scale = 1; /* of the guest's TSC against the host's, in which busy times are */
	double busy;
	size_t i, j;

	if (r->host_tsc_khz && r->calibration.tsc_khz > 0)
		scale = r->calibration.tsc_khz / r->host_tsc_khz;
	for (i = 0; i < b->n; i++) {
		busy = 0;
		for (j = 0; b->sample[i]->busy && j < r->reasons; j++)
			busy += (double)b->sample[i]->busy[j];
		b->guest[i] = fmax(0, b->cycles[i] - scale * busy);
	}
}

uint64_t blocks_series(struct blocks *b, const bool *chosen, size_t reasons)
{
	uint64_t count, all = 0;
	size_t i, j;

	for (i = 0; i < b->n; i++) {
		count = 0;
		for (j = 0; j < reasons; j++)
			if (chosen[j])
				count += b->sample[i]->exits[j];
		b->exits[i] = (double)count;
		all += count;
	}
	return all;
}

const struct repetition *blocks_find(const struct blocks *b, uint32_t repeat)
{
	size_t i;

	for (i = 0; i < b->blocks; i++)
		if (b->block[i].repeat == repeat)
			return &b->block[i];
	return NULL;
}
