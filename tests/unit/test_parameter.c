// SPDX-License-Identifier: MIT
// Description: --set reaches the workload that it names and no other, and says what is wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run/run.h"

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

/* What `list -v` prints and --set accepts is of one form. */
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
		cmocka_unit_test(every_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
