// SPDX-License-Identifier: MIT
// Description: the registry finds every workload, and every workload keeps its contract's form.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run/run.h"

static const struct workload *const *list;
static size_t n;

static void sorted_and_unique(void **state)
{
	size_t i;

	(void)state;
	assert_true(n >= 10);
	for (i = 1; i < n; i++)
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
			assert_in_range(e->class, 0, EXITPROBE_CLASSES - 1);
		}
	}
}

static size_t selected(const char *pattern, bool *chosen)
{
	memset(chosen, 0, n * sizeof(*chosen));
	return registry_select(pattern, chosen);
}

static void patterns(void **state)
{
	bool *chosen = calloc(n, sizeof(*chosen));

	(void)state;
	assert_int_equal(selected("all", chosen), n);
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
	};

	n = registry_all(&list);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
