// SPDX-License-Identifier: MIT
// Description: the registry finds every workload, and every workload keeps its contract's form.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/catalog.h"
#include "expect.h"
#include "workload.h"

static const struct workload *const *list;
static size_t n;

static void sorted_and_unique(void **state)
{
	size_t i;

	(void)state;
	assert_true(n >= 10);
	for (i = 1; i < n; i++) /* none is made yet */
		assert_true(strcmp(list[i - 1]->name, list[i]->name) < 0);
}

static void complete(void **state)
{
	const struct expectation *e;
	size_t i;

	(void)state;
	for (i = 0; i < n; i++) {
		assert_non_null(list[i]->summary);
		assert_non_null(list[i]->op);
		assert_non_null(list[i]->run);
		assert_true(strlen(list[i]->name) <= 24);
		assert_true(strlen(list[i]->summary) <= 80);
		if (list[i]->control)
			assert_non_null(registry_find(list[i]->control));
		for (e = list[i]->expect; e && e->source; e++) {
			assert_true(e->low <= e->high);
			assert_in_range(e->exit_class, 0, EXITPROBE_CLASSES - 1);
		}
	}
}

static size_t programs(void)
{
	size_t i, sum = 0;

	for (i = 0; i < n; i++)
		sum += list[i]->program != NULL;
	return sum;
}

static size_t selected(const char *pattern, bool *chosen)
{
	memset(chosen, 0, n * sizeof(*chosen));
	return registry_select(pattern, chosen);
}

static void patterns(void **state)
{
	bool *chosen = registry_choice();

	(void)state;
	assert_true(programs() >= 9);
	assert_int_equal(selected("all", chosen), n - programs());
	assert_int_equal(selected("cr3.pipe", chosen), 1);
	assert_true(selected("cr3", chosen) >= 2);
	assert_int_equal(selected("cr3.*", chosen), selected("cr3", chosen));
	assert_int_equal(selected("io.blk", chosen), 2);
	assert_true(selected("io", chosen) > 2);
	assert_int_equal(selected("io.bl", chosen), 0);
	assert_int_equal(selected("cr", chosen), 0);
	assert_int_equal(selected("", chosen), 0);
	assert_int_equal(selected("cr3.pip", chosen), 0);
	free(chosen);
}

/* A family that makes workloads on demand: each once, and none for an invalid name. */
static void made(void **state)
{
	static const char *const bad[] = { "stress-ng.",   "stress-ng.-x", "stress-ng.a b",
					   "stress-ng.*z", "stress-ng.A",  "fio.no such file.fio",
					   "fio.",         "fio.x" };
	bool *chosen = registry_choice();
	size_t i;

	(void)state;
	assert_int_equal(selected("stress-ng.fork", chosen), 1);
	assert_int_equal(registry_all(&list), n);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(selected(bad[i], chosen), 0);
	assert_int_equal(registry_all(&list), n);
	for (i = 0; i < 2; i++) {
		assert_int_equal(selected("stress-ng.af-alg", chosen), 1);
		assert_true(chosen[n]);
		assert_int_equal(registry_all(&list), n + 1);
	}
	assert_string_equal(list[n]->name, "stress-ng.af-alg");
	assert_string_equal(list[n]->program, "stress-ng");
	assert_int_equal(selected("all", chosen), n - programs());
	for (i = 1; i < REGISTRY_MADE; i++) {
		char name[32];

		snprintf(name, sizeof(name), "stress-ng.a%zu", i);
		assert_int_equal(selected(name, chosen), 1);
	}
	assert_int_equal(selected("stress-ng.one-too-many", chosen), 0);
	free(chosen);
}

static void families(void **state)
{
	char family[16];

	(void)state;
	registry_family(registry_find("cr3.pipe"), family, sizeof(family));
	assert_string_equal(family, "cr3");
	registry_family(registry_find("null"), family, sizeof(family));
	assert_string_equal(family, "null");
	assert_null(registry_find("cr3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_and_unique),
		cmocka_unit_test(complete),
		cmocka_unit_test(patterns),
		cmocka_unit_test(families),
		cmocka_unit_test(made), /* the last: it adds to the registry */
	};

	n = registry_all(&list);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
