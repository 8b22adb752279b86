// SPDX-License-Identifier: MIT
/* xoshiro256** 1.0 of Blackman and Vigna, seeded by splitmix64 as its authors advise. */
#include "internal.h"
#include "stats.h"

static uint64_t rotate(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

void stats_seed(struct stats_rng *rng, uint64_t seed)
{
	uint64_t z;
	int i;

	for (i = 0; i < 4; i++) {
		z = seed += 0x9e3779b97f4a7c15;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		rng->s[i] = z ^ z >> 31;
	}
}

static uint64_t next(struct stats_rng *rng)
{
	uint64_t *s = rng->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint64_t stats_random(struct stats_rng *rng, uint64_t below)
{
	/* 2^64 mod below values at the bottom would make the small results more likely. */
	uint64_t reject = -below % below, x;

	do
		x = next(rng);
	while (x < reject);
	return x % below;
}

uint32_t stats_random_quick(struct stats_rng *rng, uint32_t below)
{
	return (uint32_t)((next(rng) >> 32) * below >> 32);
}

void stats_shuffle(struct stats_rng *rng, size_t *index, size_t n)
{
	size_t i, j, t;

	for (i = n; i > 1; i--) {
		j = stats_random(rng, i);
		t = index[i - 1];
		index[i - 1] = index[j];
		index[j] = t;
	}
}
