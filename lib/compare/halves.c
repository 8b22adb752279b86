// SPDX-License-Identifier: MIT
/* The same thing twice: the repeats of one run as two sides, which must compare as equal. */
#include "compare/halves.h"

#include <errno.h>
#include <stdlib.h>

/* Views of one result: samples are borrowed, only the lists are their own. */
static void forget(struct result *half)
{
	size_t i;

	for (i = 0; half->workload && i < half->workloads; i++)
		free(half->workload[i].sample);
	free(half->workload);
}

/* Repeats first .. first + n - 1, numbered from 0. */
static int take(struct result *half, const struct result *r, uint32_t first, uint32_t n)
{
	const struct result_workload *from;
	struct result_workload *to;
	size_t i, j;

	*half = *r;
	half->repeat = n;
	half->workload = calloc(r->workloads + 1, sizeof(*half->workload));
	for (i = 0; half->workload && i < r->workloads; i++) {
		from = &r->workload[i];
		to = &half->workload[i];
		*to = *from;
		to->samples = 0;
		to->sample = calloc(from->samples + 1, sizeof(*to->sample));
		if (!to->sample)
			return -ENOMEM;
		for (j = 0; j < from->samples; j++) {
			if (from->sample[j].repeat - first >= n)
				continue;
			to->sample[to->samples] = from->sample[j];
			to->sample[to->samples++].repeat -= first;
		}
	}
	return half->workload ? 0 : -ENOMEM;
}

/* The times of an emulator are its own: how busy the machine under it was. */
static bool counts(const struct compare_row *row, const struct result *r)
{
	return row->family != COMPARE_TIMES || !estimate_emulator(r);
}

static void count(struct halves *h, const struct result *r)
{
	const struct compare_row *row;
	size_t i;

	for (i = 0; i < h->compare.rows; i++) {
		row = &h->compare.row[i];
		if (!counts(row, r))
			continue;
		h->tested++;
		if (row->verdict == COMPARE_DIFFERS && !h->differ++)
			h->first_differing = row->workload->w->name;
	}
}

int halves_compare(struct halves *h, const struct result *r)
{
	const uint32_t half = r->repeat / 2;
	int ret;

	*h = (struct halves){ .tested = 0 };
	ret = take(&h->first, r, 0, half);
	ret = ret ? ret : take(&h->second, r, half, half);
	ret = ret ? ret : estimate_make(&h->a, &h->first);
	ret = ret ? ret : estimate_make(&h->b, &h->second);
	ret = ret ? ret : compare_make(&h->compare, &h->a, &h->b, NULL);
	if (!ret)
		count(h, r);
	return ret;
}

void halves_free(struct halves *h)
{
	compare_free(&h->compare);
	estimate_free(&h->a);
	estimate_free(&h->b);
	forget(&h->first);
	forget(&h->second);
}
