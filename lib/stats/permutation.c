// SPDX-License-Identifier: MIT
/* Permutation test: is a difference more than chance? */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "stats.h"

#define SPLITS 1000000
/* Up to this many values all splits are counted, in two halves of 2^14 sums. */
#define BY_HALVES 28
/* After this many drawn splits as extreme as the observed one, p is known well enough. */
#define ENOUGH 1000
/* Bytes of drawn splits to keep: 10^6 splits of 32 values, 63,492 of 500. */
#define DRAWN 4000000

/* All values less their mean: a split is judged by |sum of the chosen|, which orders as |difference
 * of means|. The first k values are the smaller group. */
struct split {
	double *x;
	size_t n, k;
	double limit; /* what a split must reach to count as extreme */
	double extreme, all;
};

static double binomial(size_t n, size_t k)
{
	double c = 1;
	size_t i;

	for (i = 1; i <= k; i++)
		c = c * (double)(n - k + i) / (double)i;
	return c;
}

static void enumerate(struct split *s, size_t from, size_t left, double sum)
{
	size_t i;

	if (!left) {
		s->extreme += fabs(sum) >= s->limit;
		s->all++;
		return;
	}
	for (i = from; i + left <= s->n; i++)
		enumerate(s, i + 1, left - 1, sum + s->x[i]);
}

/* The sums of all subsets of m values, those of c values in sum[start[c]] .. sum[start[c + 1] - 1].
 */
static void subset_sums(const double *x, size_t m, double *sum, size_t *start, double *work)
{
	size_t subset, c, lowest, next[BY_HALVES / 2 + 2];

	start[0] = 0;
	for (c = 0; c <= m; c++)
		start[c + 1] = start[c] + (size_t)(binomial(m, c) + 0.5);
	memcpy(next, start, (m + 1) * sizeof(*next));
	work[0] = 0;
	for (subset = 0; subset < (size_t)1 << m; subset++) {
		lowest = (size_t)__builtin_ctzll(subset | (size_t)1 << m);
		if (subset)
			work[subset] = work[subset & (subset - 1)] + x[lowest];
		c = (size_t)__builtin_popcountll(subset);
		sum[next[c]++] = work[subset];
	}
	for (c = 0; c <= m; c++)
		stats_sort(sum + start[c], start[c + 1] - start[c]);
}

/* Count the pairs of one sum from each sorted list that are extreme together. */
static double extreme_pairs(const double *a, size_t na, const double *b, size_t nb, double limit)
{
	size_t i, low = nb, high = nb;
	double count = 0;

	for (i = 0; i < na; i++) {
		while (low > 0 && a[i] + b[low - 1] > -limit)
			low--;
		while (high > 0 && a[i] + b[high - 1] >= limit)
			high--;
		count += (double)(low + nb - high);
	}
	return count;
}

/* Meet in the middle: c of the chosen lie in the first half of the values, the others in the
 * second. */
static int count_by_halves(struct split *s)
{
	size_t m = s->n / 2, rest = s->n - m, c, other;
	size_t first[BY_HALVES / 2 + 3], second[BY_HALVES / 2 + 3];
	double *sum = malloc((size_t)3 * sizeof(*sum) << rest);
	double *a = sum, *b, *work;

	if (!sum)
		return -1;
	b = a + ((size_t)1 << rest);
	work = b + ((size_t)1 << rest);
	subset_sums(s->x, m, a, first, work);
	subset_sums(s->x + m, rest, b, second, work);
	for (c = 0; c <= m && c <= s->k; c++) {
		other = s->k - c;
		if (other > rest)
			continue;
		if (s->limit <= 0)
			s->extreme += (double)(first[c + 1] - first[c]) *
				      (double)(second[other + 1] - second[other]);
		else
			s->extreme += extreme_pairs(a + first[c], first[c + 1] - first[c],
						    b + second[other],
						    second[other + 1] - second[other], s->limit);
	}
	s->all = binomial(s->n, s->k);
	free(sum);
	return 0;
}

/* If groups of equal size do not overlap, only the observed split and its mirror image are this
 * extreme. */
static bool apart(struct split *s)
{
	double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
	size_t i, group;

	if (2 * s->k != s->n)
		return false;
	for (i = 0; i < s->n; i++) {
		group = i >= s->k;
		low[group] = fmin(low[group], s->x[i]);
		high[group] = fmax(high[group], s->x[i]);
	}
	if (high[0] >= low[1] && high[1] >= low[0])
		return false;
	s->extreme = 2;
	s->all = binomial(s->n, s->k);
	return true;
}

static int prepare(struct stats_sizes *d, size_t n, size_t k)
{
	struct stats_rng rng;
	size_t i;

	if (d->drawn_n == n && d->drawn_k == k)
		return 0;
	free(d->drawn);
	free(d->index);
	d->bytes = (n + 7) / 8;
	d->most = DRAWN / d->bytes < SPLITS ? DRAWN / d->bytes : SPLITS;
	d->draws = 0;
	d->drawn = calloc(d->most, d->bytes);
	d->index = calloc(n, sizeof(*d->index));
	d->drawn_n = d->drawn && d->index ? n : 0;
	d->drawn_k = k;
	for (i = 0; i < d->drawn_n; i++)
		d->index[i] = i;
	stats_seed(&rng, 1);
	memcpy(d->rng, rng.s, sizeof(d->rng));
	return d->drawn_n ? 0 : -1;
}

/* One more random split as a bit mask, by Fisher and Yates' shuffle of the first k. */
static void draw(struct stats_sizes *d)
{
	uint8_t *mask = d->drawn + d->draws++ * d->bytes;
	struct stats_rng rng;
	size_t i, j, t;

	memcpy(rng.s, d->rng, sizeof(rng.s));
	for (i = 0; i < d->drawn_k; i++) {
		j = i + stats_random_quick(&rng, (uint32_t)(d->drawn_n - i));
		t = d->index[j];
		d->index[j] = d->index[i];
		d->index[i] = t;
		mask[t / 8] |= (uint8_t)(1u << t % 8);
	}
	memcpy(d->rng, rng.s, sizeof(rng.s));
}

/* sum[256 * i + mask]: the sum of those values 8i .. 8i + 7 that the mask selects. */
static void byte_sums(const struct split *s, double *sum, size_t bytes)
{
	size_t i, mask, value;

	for (i = 0; i < bytes; i++)
		for (mask = 1; mask < 256; mask++) {
			value = 8 * i + (size_t)__builtin_ctzll(mask);
			sum[256 * i + mask] = sum[256 * i + (mask & (mask - 1))] +
					      (value < s->n ? s->x[value] : 0);
		}
}

/* Four sums at once, since each addition would otherwise wait for the previous one. */
static double masked_sum(const double *sum, const uint8_t *mask, size_t bytes)
{
	double part[4] = { 0 };
	size_t i;

	for (i = 0; i + 4 <= bytes; i += 4) {
		part[0] += sum[256 * i + mask[i]];
		part[1] += sum[256 * i + 256 + mask[i + 1]];
		part[2] += sum[256 * i + 512 + mask[i + 2]];
		part[3] += sum[256 * i + 768 + mask[i + 3]];
	}
	for (; i < bytes; i++)
		part[0] += sum[256 * i + mask[i]];
	return part[0] + part[1] + (part[2] + part[3]);
}

static int sample(struct split *s, struct stats_sizes *d)
{
	double *sum, total;
	size_t round;

	if (prepare(d, s->n, s->k))
		return -1;
	sum = calloc(d->bytes, 256 * sizeof(*sum));
	if (!sum)
		return -1;
	byte_sums(s, sum, d->bytes);
	for (round = 0; round < d->most && s->extreme < ENOUGH; round++) {
		if (round == d->draws)
			draw(d);
		total = masked_sum(sum, d->drawn + round * d->bytes, d->bytes);
		s->extreme += fabs(total) >= s->limit;
		s->all++;
	}
	/* Not stopped early: the observed split counts too, so p is never 0. */
	if (s->extreme < ENOUGH) {
		s->extreme++;
		s->all++;
	}
	free(sum);
	return 0;
}

/* Relax the limit by the rounding error, so that ties count as ties. */
static void centre(struct split *s)
{
	double mean = 0, scale = 0, sum = 0;
	size_t i;

	for (i = 0; i < s->n; i++)
		mean += s->x[i] / (double)s->n;
	for (i = 0; i < s->n; i++) {
		scale += fabs(s->x[i]) + fabs(mean);
		s->x[i] -= mean;
	}
	for (i = 0; i < s->k; i++)
		sum += s->x[i];
	s->limit = fabs(sum) - 1e-13 * scale;
}

static int count(struct split *s, struct stats_sizes *sizes, bool *sampled)
{
	if (s->n <= BY_HALVES)
		return count_by_halves(s);
	if (binomial(s->n, s->k) <= SPLITS) {
		enumerate(s, 0, s->k, 0);
		return 0;
	}
	if (apart(s))
		return 0;
	*sampled = true;
	return sample(s, sizes);
}

double stats_permutation(const double *a, size_t na, const double *b, size_t nb,
			 struct stats_sizes *sizes, bool *sampled)
{
	struct split s = { .n = na + nb, .k = na < nb ? na : nb };
	struct stats_sizes own = { 0 };
	double p = NAN;

	*sampled = false;
	if (!na || !nb)
		return 1;
	s.x = malloc(s.n * sizeof(*s.x));
	if (!s.x)
		return NAN;
	memcpy(s.x, na < nb ? a : b, s.k * sizeof(*s.x));
	memcpy(s.x + s.k, na < nb ? b : a, (s.n - s.k) * sizeof(*s.x));
	centre(&s);
	if (!count(&s, sizes ? sizes : &own, sampled))
		p = fmax(fmin(s.extreme / s.all, 1), DBL_MIN);
	free(s.x);
	stats_sizes_free(&own);
	return p;
}

double stats_permutation_least(size_t na, size_t nb)
{
	double c = binomial(na + nb, na < nb ? na : nb);

	/* For groups of equal size the mirrored split is as extreme as the most extreme one. */
	return na && nb ? fmin((na == nb ? 2 : 1) / c, 1) : 1;
}

void stats_sizes_free(struct stats_sizes *s)
{
	free(s->drawn);
	free(s->index);
	*s = (struct stats_sizes){ 0 };
}
