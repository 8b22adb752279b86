// SPDX-License-Identifier: MIT
// Description: a block holds every workload and every size once, in an order that the seed alone
// decides.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "run/plan.h"

#define N 12

static void everything_once(void **state)
{
	struct block b;
	unsigned int seen = 0, sizes;
	size_t i, j;

	(void)state;
	assert_int_equal(plan_block(&b, N, 42, 0), 0);
	for (i = 0; i < N; i++) {
		assert_in_range(b.order[i], 0, N - 1);
		seen |= 1u << b.order[i];
		for (j = 0, sizes = 0; j < SIZES; j++)
			sizes |= 1u << b.size[i][j];
		assert_int_equal(sizes, (1u << SIZES) - 1);
	}
	assert_int_equal(seen, (1u << N) - 1);
	plan_free(&b);
}

static bool same(uint64_t seed1, uint32_t repeat1, uint64_t seed2, uint32_t repeat2)
{
	struct block a, b;
	bool equal;

	assert_int_equal(plan_block(&a, N, seed1, repeat1), 0);
	assert_int_equal(plan_block(&b, N, seed2, repeat2), 0);
	equal = !memcmp(a.order, b.order, N * sizeof(*a.order)) &&
		!memcmp(a.size, b.size, N * sizeof(*a.size));
	plan_free(&a);
	plan_free(&b);
	return equal;
}

static void seed_decides(void **state)
{
	(void)state;
	assert_true(same(1, 0, 1, 0));
	assert_true(same(1, 7, 1, 7));
	assert_false(same(1, 0, 2, 0));
	assert_false(same(1, 0, 1, 1));
}

/* Every workload must come first in some repeat: no position is favoured. */
static void first_place_is_shared(void **state)
{
	unsigned int first[N] = { 0 };
	struct block b;
	uint32_t repeat;
	size_t i;

	(void)state;
	for (repeat = 0; repeat < 1200; repeat++) {
		assert_int_equal(plan_block(&b, N, 3, repeat), 0);
		first[b.order[0]]++;
		plan_free(&b);
	}
	/* 100 expected each, standard deviation 9.6: five of them on either side. */
	for (i = 0; i < N; i++)
		assert_in_range(first[i], 52, 148);
}

static void empty_plan(void **state)
{
	struct block b;

	(void)state;
	assert_int_equal(plan_block(&b, 0, 1, 0), 0);
	plan_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_once),
		cmocka_unit_test(seed_decides),
		cmocka_unit_test(first_place_is_shared),
		cmocka_unit_test(empty_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
