// SPDX-License-Identifier: MIT
/* Evidence that is not what it should be: no verdict, and the file, the line and the cause. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_evidence.h"
#include "witness/verdict.h"

static void test_evidence_that_cannot_be_read(void **state)
{
	static const struct {
		enum fake_file file;
		const char *text, *fault;
	} cases[] = {
		{ FAKE_READING, "x\n", "guest: line 1: " },
		{ FAKE_STAT, "117", "evidence/stat-exits: line 1: is not one whole number" },
		{ FAKE_STAT, "117 1\n", "evidence/stat-exits: line 1: is not one whole number" },
		{ FAKE_STAT, "117\n\n", "evidence/stat-exits: line 2: is not one whole number" },
		{ FAKE_STAT, "9223372036854775808\n",
		  "evidence/stat-exits: line 1: is not one whole" },
		{ FAKE_CPUS, "{\"return\": [{\"thread-id\": 7}",
		  "evidence/cpus.json: line 1: is not JSON" },
		{ FAKE_CPUS, "{\"return\": []}", "evidence/cpus.json: names no vCPU" },
		{ FAKE_CPUS, "{\"error\": {}}", "evidence/cpus.json: names no vCPU" },
		{ FAKE_CPUS, "[1]", "evidence/cpus.json: names no vCPU" },
		{ FAKE_CPUS, "{\"return\": [{\"thread-id\": \"7\"}]}",
		  "without the number of its thread" },
		{ FAKE_CPUS, "{\"return\": [{\"thread-id\": 0}]}",
		  "without the number of its thread" },
		{ FAKE_CPUS, "{\"return\": [7]}", "without the number of its thread" },
		{ FAKE_CPUS, "{\"return\": [{\"thread-id\": 7}, {\"thread-id\": 7}]}",
		  "evidence/cpus.json: thread 7 is named for two vCPUs" },
	};
	struct evidence e;
	struct verdict v;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_evidence(&e);
		fake_text(fake_file(&e, cases[i].file), cases[i].text, strlen(cases[i].text));
		f = (struct fault){ 0 };
		assert_true(verdict_make(&v, &e, &f) < 0);
		if (!strstr(f.text, cases[i].fault))
			fail_msg("'%s': '%s' does not say '%s'", cases[i].text, f.text,
				 cases[i].fault);
		verdict_free(&v);
		evidence_free(&e);
	}
}

static void test_statistics_that_cannot_be_read(void **state)
{
	static const struct {
		const char *text, *fault;
	} cases[] = {
		{ "{\"return\": [{\"stats\": [", "is not JSON" },
		{ "{\"return\": [{}]}", "has an object without statistics" },
		{ "{\"return\": [[]]}", "has an object without statistics" },
		{ "{\"return\": [{\"stats\": [1]}]}", "has a statistic without a name" },
		{ "{\"return\": [{\"stats\": [{\"name\": \"exit_count\"}]}]}", "is no array" },
		{ "{\"return\": [{\"stats\": [{\"name\": \"exit_count\", \"value\": 1}]}]}",
		  "is no array" },
		{ "{\"return\": [{\"stats\": [{\"name\": \"exit_count\", \"value\": [-1]}]}]}",
		  "not a whole number from 0" },
		{ "{\"return\": [{\"stats\": [{\"name\": \"exit_count\", \"value\": [1.5]}]}]}",
		  "not a whole number from 0" },
		{ "{\"return\": [{\"stats\": [{\"name\": \"exit_count\", \"value\": "
		  "[9223372036854775807]}, {\"name\": \"exit_count\", \"value\": [1]}]}]}",
		  "add up to more than 63 bits" },
	};
	struct evidence e;
	struct verdict v;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_evidence(&e);
		fake_text(&e.vm_stats, cases[i].text, strlen(cases[i].text));
		f = (struct fault){ 0 };
		assert_true(verdict_make(&v, &e, &f) < 0);
		if (!strstr(f.text, cases[i].fault) || !strstr(f.text, "stats-vm.json"))
			fail_msg("'%s': '%s' does not say '%s'", cases[i].text, f.text,
				 cases[i].fault);
		verdict_free(&v);
		evidence_free(&e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_evidence_that_cannot_be_read),
		cmocka_unit_test(test_statistics_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
