// SPDX-License-Identifier: MIT
// Description: --set reaches the workload that it names and no other, and says what is wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/catalog.h"
#include "workload.h"

static struct setting *list;
static size_t n;
static char message[4096];

static int set(const char *text)
{
	return parameter_set(&list, &n, text, message, sizeof(message));
}

static int forget(void **state)
{
	(void)state;
	free(list);
	list = NULL;
	n = 0;
	return 0;
}

static int64_t value_of(const char *workload, const char *name)
{
	const struct workload *w = registry_find(workload);
	int64_t value[PARAMETERS_MAX];
	size_t i;

	parameter_values(w, list, n, value);
	for (i = 0; w->parameter[i].name; i++)
		if (!strcmp(w->parameter[i].name, name))
			return value[i];
	fail_msg("%s.%s does not exist", workload, name);
	return 0;
}

static void named(void **state)
{
	int64_t before = value_of("pagefault.anon", "stride");

	(void)state;
	assert_int_equal(set("pagefault.anon.pages=4k"), 0);
	assert_int_equal(value_of("pagefault.anon", "pages"), 4000);
	assert_int_equal(value_of("pagefault.anon", "stride"), before);
	assert_int_equal(set("pagefault.anon.pages=77"), 0);
	assert_int_equal(value_of("pagefault.anon", "pages"), 77);
}

static void of_a_family(void **state)
{
	(void)state;
	assert_int_equal(set("pagefault.stride=7"), 0);
	assert_int_equal(value_of("pagefault.anon", "stride"), 7);
}

static void refused(const char *text, const char *word)
{
	size_t before = n;

	assert_int_equal(set(text), -EINVAL);
	if (!strstr(message, word) || strchr(message, '\n'))
		fail_msg("%s: '%s' is not in: %s", text, word, message);
	assert_int_equal(n, before);
}

static void mistakes(void **state)
{
	(void)state;
	refused("pagefault.anon.pages", "WORKLOAD.PARAMETER=VALUE");
	refused("pages=3", "WORKLOAD.PARAMETER=VALUE");
	refused(".pages=3", "WORKLOAD.PARAMETER=VALUE");
	refused("pagefault.anon.=3", "WORKLOAD.PARAMETER=VALUE");
	refused("=", "WORKLOAD.PARAMETER=VALUE");
	refused("", "WORKLOAD.PARAMETER=VALUE");
	refused("pagefault.anon.pags=3", "pagefault.anon.pages");
	refused("nothing.like.it=3", "pagefault.anon.pages");
	refused("null.pages=3", "pagefault.anon.pages");
	refused("pagefault.anon.pages=", "from 64 to");
	refused("pagefault.anon.pages=63", "from 64 to");
	refused("pagefault.anon.pages=64x", "64x");
	refused("pagefault.anon.pages=99999999999999999999", "default 32768");
}

static const struct workload *variant(const char *name, const bool *chosen, bool is_chosen)
{
	const struct workload *const *all;
	size_t i, workloads = registry_all(&all);

	for (i = 0; i < workloads; i++)
		if (!strcmp(all[i]->name, name)) {
			assert_int_equal(chosen[i], is_chosen);
			return all[i];
		}
	fail_msg("%s does not exist", name);
	return NULL;
}

static void several_values(void **state)
{
	bool *chosen = registry_choice();

	(void)state;
	assert_int_equal(set("pagefault.anon.pages=100"), 0);
	assert_int_equal(set("pagefault.anon.stride=1,8,512"), 0);
	assert_int_equal(set("madvise.bulk.pages=2,3"), 0);
	refused("pagefault.anon.stride=4", "list of values");
	refused("pagefault.anon.pages=64,65", "list of values");
	assert_int_equal(set("pagefault.anon.pages=200"), 0);
	assert_true(registry_select("pagefault.anon", chosen) > 0);
	assert_int_equal(sweep_choose(&list, &n, chosen), 0);
	variant("pagefault.anon", chosen, false);
	variant("madvise.bulk", chosen, false);
	variant("madvise.bulk@pages=2", chosen, false);
	variant("pagefault.anon@stride=1", chosen, true);
	variant("pagefault.anon@stride=512", chosen, true);
	assert_int_equal(value_of("pagefault.anon@stride=8", "stride"), 8);
	assert_int_equal(value_of("pagefault.anon@stride=8", "pages"), 200);
	assert_int_equal(value_of("madvise.bulk@pages=3", "pages"), 3);
	assert_int_equal(value_of("madvise.bulk", "pages"), 34);
	free(chosen);
}

static void lists_that_are_none(void **state)
{
	char many[512] = "pagefault.fill.stride=1";
	int i;

	(void)state;
	refused("pagefault.fill.stride=1,", "''");
	refused("pagefault.fill.stride=,1", "''");
	refused("pagefault.fill.stride=1,65", "'65'");
	refused("pagefault.fill.stride=1,2x,3", "'2x'");
	refused("cr3.ring4.dirty=1,2,1", "twice");
	for (i = 2; i <= 64; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many), ",%d", i);
	refused(many, "more than 64");
	refused("mprotect.nothing=1,2", "there is no such parameter");
}

/* `list -v` prints the form that --set accepts. */
static void every_table(void **state)
{
	const struct workload *const *all;
	size_t i, workloads = registry_all(&all), parameters;
	const struct parameter *p;

	(void)state;
	for (i = 0; i < workloads; i++) {
		parameters = 0;
		for (p = all[i]->parameter; p && p->name; p++, parameters++) {
			assert_null(strpbrk(p->name, ".= "));
			assert_true(p->min <= p->value && p->value <= p->max);
			assert_non_null(p->unit);
			assert_non_null(p->text);
			assert_null(strchr(p->text, '\n'));
		}
		assert_true(parameters < PARAMETERS_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(named, forget),
		cmocka_unit_test_teardown(of_a_family, forget),
		cmocka_unit_test_teardown(mistakes, forget),
		cmocka_unit_test_teardown(several_values, forget),
		cmocka_unit_test_teardown(lists_that_are_none, forget),
		cmocka_unit_test(every_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
