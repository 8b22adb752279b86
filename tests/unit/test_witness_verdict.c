// SPDX-License-Identifier: MIT
/* Equal is what is equal in every reason and lacks nothing; all else has a reason in words. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_evidence.h"
#include "witness/verdict.h"

static void test_equal(void **state)
{
	struct fault f = { 0 };
	struct evidence e;
	struct verdict v;
	json_t *d;

	(void)state;
	fake_evidence(&e);
	assert_int_equal(verdict_make(&v, &e, &f), 0);
	assert_string_equal(v.problem.text, "");
	assert_true(v.equal);
	d = verdict_document(&v, "nested");
	assert_true(json_is_true(json_object_get(d, "equal")));
	assert_true(json_is_null(json_object_get(d, "problem")));
	assert_null(json_object_get(d, "binary_stats"));
	json_decref(d);
	d = verdict_document(&v, NULL);
	assert_true(json_is_null(json_object_get(d, "paging")));
	json_decref(d);
	verdict_free(&v);
	evidence_free(&e);
}

static void test_the_document(void **state)
{
	static const char expected[] =
		"{\"vendor\": \"vmx\", \"paging\": \"shadow\","
		" \"kvm_exit\": {\"vmx:10\": 100, \"vmx:30\": 11, \"vmx:48\": 6},"
		" \"guest\": {\"vmx:10\": 100, \"vmx:30\": 10, \"vmx:48\": 5},"
		" \"after\": {\"vmx:30\": 1, \"vmx:48\": 1},"
		" \"explained\": {\"vmx:30\": \"came after this counter was read and before the "
		"pause: exit 5 of 7 since the marker\","
		" \"vmx:48\": \"the write to the pvpanic device, which paused the VM\"},"
		" \"total\": {\"kvm_exit\": 117, \"stat_exits\": 217, \"unentered\": 100,"
		" \"binary_stats\": null, \"guest\": 115, \"after\": 2},"
		" \"problem\": null, \"equal\": true}";
	struct fault f = { 0 };
	struct evidence e;
	struct verdict v;
	json_t *d;
	char *text;

	(void)state;
	fake_evidence_vmx(&e);
	assert_int_equal(verdict_make(&v, &e, &f), 0);
	d = verdict_document(&v, "shadow");
	text = json_dumps(d, 0);
	assert_string_equal(text, expected);
	free(text);
	json_decref(d);
	verdict_free(&v);
	evidence_free(&e);
}

/* The explanation of the last exit and of one before it, of the same reason, is one sentence. */
static void test_two_explanations_in_one(void **state)
{
	struct fault f = { 0 };
	struct evidence e;
	struct verdict v;
	const char *text;
	json_t *d;

	(void)state;
	fake_evidence(&e);
	fake_edit(&e.trace, "15: kvm_exit: vcpu 0 reason npf", "15: kvm_exit: vcpu 0 reason io");
	fake_edit(&e.histogram, "       123 } hitcount:         11", "       123 } hitcount: 12");
	fake_edit(&e.histogram, "1024 } hitcount:          6", "1024 } hitcount: 5");
	assert_int_equal(verdict_make(&v, &e, &f), 0);
	assert_true(v.equal);
	d = verdict_document(&v, "nested");
	text = json_string_value(json_object_get(json_object_get(d, "explained"), "svm:0x7b"));
	assert_string_equal(text, "came after this counter was read and before the pause: exit 5 "
				  "of 7 since the marker, and the write to the pvpanic device, "
				  "which paused the VM");
	json_decref(d);
	verdict_free(&v);
	evidence_free(&e);
}

/* One edit of equal evidence: "" is unequal without a problem, the counts say it themselves. */
static const struct edited {
	enum fake_file file;
	const char *from, *to, *problem;
} edits[] = {
	{ FAKE_READING, "svm:0x7b 10", "svm:0x7b 9", "" },
	{ FAKE_READING, "svm:0x7b 10", "svm:0x7b 11", "" },
	{ FAKE_READING, "svm:0x7b 10", "svm:0x7b 9223372036854775000", "" },
	{ FAKE_READING, "svm:0x7b 10", "svm:0x7b 9223372036854775807",
	  "add up to more than 63 bits" },
	{ FAKE_READING, "123 svm:0x7b 10\n", "", "" },
	{ FAKE_READING, "201 svm:other 0\n", "", NULL },
	{ FAKE_READING, "201 svm:other 0\n", "201 svm:other 1\n", "" },
	{ FAKE_STAT, "117", "118", "kvm_exit saw 117 exits, stat.exits 118" },
	{ FAKE_STAT, "117", "117\n1", "kvm_exit saw 117 exits, stat.exits 118" },
	{ FAKE_FORMAT, "print fmt:", "print:", "no table of the exit reasons" },
	{ FAKE_FORMAT, "\"io\" }", "\"cpuid\" }", "two codes for cpuid" },
	{ FAKE_CPUS, "\"thread-id\": 7", "\"thread-id\": 8",
	  "thread 7, which is no vCPU of an inner" },
	{ FAKE_HISTOGRAM, "Dropped: 0", "Dropped: 3", "the histogram dropped 3 exits" },
	{ FAKE_HISTOGRAM, "    Dropped: 0\n", "", "does not say how many exits it dropped" },
	{ FAKE_HISTOGRAM, "    Dropped: 0\n", "    Dropped: 0\n    Dropped: 0\n",
	  "line 14 of the histogram is not understood:     Dropped: 0" },
	{ FAKE_HISTOGRAM, "Hits: 117", "Hits: 118", "gives itself 3 and 118" },
	{ FAKE_HISTOGRAM, "Entries: 3", "Entries: 4", "gives itself 4 and 117" },
	{ FAKE_HISTOGRAM, "    Hits: 117\n", "", "does not say how many lines and exits" },
	{ FAKE_HISTOGRAM, "1024 }", "x }",
	  "line 6 of the histogram is not understood: { common_pid" },
	{ FAKE_HISTOGRAM, "1024 }", "4294967296 }", "line 6 of the histogram is not understood" },
	{ FAKE_HISTOGRAM, "1024 }", " 123 }", "two lines for thread 7 and one reason" },
	{ FAKE_HISTOGRAM, "hitcount:          6", "hitcount: 9223372036854775808",
	  "line 6 of the histogram is not understood" },
	{ FAKE_HISTOGRAM, "hitcount:          6", "hitcount: 9223372036854775807",
	  "add up to more than 63 bits" },
	{ FAKE_HISTOGRAM, "hitcount:          6", "hitcount: 6 x",
	  "line 6 of the histogram is not" },
	{ FAKE_HISTOGRAM, "Totals", "Total", "is not understood: Total" },
	{ FAKE_HISTOGRAM, "1024 }", "  70 }",
	  "the ring buffer has 1 exits of svm:0x400, the histogram 0" },
	{ FAKE_TRACE, "13/13", "13/99", "the ring buffer has lost events: 13/99" },
	{ FAKE_TRACE, "13/13", "12/12", "holds 12 events, and the text of 13 was sent" },
	{ FAKE_TRACE, "# entries-in-buffer/entries-written: 13/13   #P:1\n", "",
	  "does not say how many events" },
	{ FAKE_TRACE, "4fffffee", "4fffffef", "does not begin with the marker" },
	{ FAKE_TRACE, "57495453", "57495454", "does not begin with the marker" },
	{ FAKE_TRACE, "reason io", "reason vapour", "that its format does not: vapour" },
	{ FAKE_TRACE, "reason io", "reason \x1b[31m\xff", "that its format does not: ?[31m?" },
	{ FAKE_TRACE, "reason io", "reason 0x7b", NULL },
	{ FAKE_TRACE, "reason io", "reason 0x46", "the ring buffer has 1 exits of svm:0x46" },
	{ FAKE_TRACE, "idx 72", "idx 73", "" },
	{ FAKE_TRACE, "idx 1 ", "idx 7 ", NULL },
	{ FAKE_TRACE, "x86-7 ", "x86-8 ",
	  "an event of thread 8, which is no vCPU of this inner VM" },
	{ FAKE_TRACE, "3: kvm_cpuid", "30: kvm_cpuid", "out of order: event 4 comes after 30" },
	{ FAKE_TRACE, "kvm_cpuid", "kvm_entry", "line 6 of the ring buffer is not understood" },
	{ FAKE_TRACE, "# tracer", "##### CPU 1 buffer started ####\n# tracer",
	  "line 1 of the ring buffer is not understood: ##### CPU 1" },
	{ FAKE_TRACE, "# tracer", "CPU:0 [LOST 5 EVENTS]\n# tracer",
	  "is not understood: CPU:0 [LOST 5" },
	{ FAKE_TRACE, "# tracer", "\n# tracer", "line 1 of the ring buffer is not understood: " },
};

/* The problem of the evidence as it is now: NULL when equal, "" when only the counts differ. */
static void expect(const struct evidence *e, const char *problem, const char *what)
{
	struct fault f = { 0 };
	struct verdict v;

	if (verdict_make(&v, e, &f))
		fail_msg("%s: cannot be read: %s", what, f.text);
	if (v.equal != !problem)
		fail_msg("%s: %s: '%s'", what, v.equal ? "equal" : "not equal", v.problem.text);
	if (problem && (!problem[0] != !v.problem.text[0] || !strstr(v.problem.text, problem)))
		fail_msg("%s: '%s' does not say '%s'", what, v.problem.text, problem);
	verdict_free(&v);
}

static void test_one_edit(void **state)
{
	struct evidence e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		fake_evidence(&e);
		fake_edit(fake_file(&e, edits[i].file), edits[i].from, edits[i].to);
		expect(&e, edits[i].problem, edits[i].to);
		evidence_free(&e);
	}
}

static void test_emulated_states(void **state)
{
	static const struct edited cases[] = {
		{ FAKE_STAT, "217", "218", "117 exits and 100 emulated states, stat.exits 218" },
		{ FAKE_UNENTERED, "Dropped: 0", "Dropped: 1", "emulated states dropped 1 exits" },
		{ FAKE_UNENTERED, "Hits: 100", "Hits: 99",
		  "of emulated states has 1 lines and 100" },
		{ FAKE_UNENTERED, "    7", "    8", "thread 8, which is no vCPU" },
		{ FAKE_UNENTERED, "common_pid", "pid",
		  "line 3 of the histogram of emulated states" },
	};
	struct evidence e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_evidence_vmx(&e);
		fake_edit(fake_file(&e, cases[i].file), cases[i].from, cases[i].to);
		expect(&e, cases[i].problem, cases[i].to);
		evidence_free(&e);
	}
	fake_evidence_vmx(&e);
	fake_text(&e.unentered, NULL, 0);
	expect(&e, "kvm_exit saw 117 exits, stat.exits 217", "no histogram of them");
	evidence_free(&e);
}

static void test_two_errors_that_cancel(void **state)
{
	struct evidence e;

	(void)state;
	fake_evidence(&e);
	fake_edit(&e.reading, "svm:0x7b 10", "svm:0x7b 11");
	fake_edit(&e.reading, "svm:0x400 5", "svm:0x400 4");
	expect(&e, "", "one too many of one reason, one too few of another");
	evidence_free(&e);
}

/* The very next exit after a reading is one that the reading does not have. */
static void test_read_just_before_the_exit(void **state)
{
	struct evidence e;

	(void)state;
	fake_evidence(&e);
	fake_edit(&e.trace, "idx 7b", "idx c1");
	fake_edit(&e.trace, "idx c0", "idx 7b");
	fake_edit(&e.trace, "idx c1", "idx c0");
	expect(&e, NULL, "IO is read last but one");
	evidence_free(&e);
}

/* A slot that was zero is not read: the bitmap said so, in the part that has it. */
static void test_the_bitmap_stands_for_a_counter_that_was_zero(void **state)
{
	struct evidence e;

	(void)state;
	fake_evidence(&e);
	fake_edit(&e.reading, "svm:0x46 0", "svm:0x46 1");
	fake_edit(&e.histogram, "hitcount:         11",
		  "hitcount:         11\n{ common_pid: 7, exit_reason: 70 } hitcount: 1");
	fake_edit(&e.histogram, "Hits: 117", "Hits: 118");
	fake_edit(&e.histogram, "Entries: 3", "Entries: 4");
	fake_edit(&e.stat, "117", "118");
	expect(&e, NULL, "read before the marker, zero events after");
	fake_edit(&e.trace, "func 4fffff04 idx 0", "func 4fffff05 idx 0");
	expect(&e, "the ring buffer holds no reading of svm:0x46", "no bitmap");
	evidence_free(&e);
}

/* Exit pages are read without an exit: a second marker ends the reading, and what came before is in
 * it. */
static void test_a_second_marker(void **state)
{
	struct evidence e;

	(void)state;
	fake_evidence(&e);
	fake_edit(&e.trace, "func 4fffff02 idx 72", "func 4fffffee idx 57495453");
	fake_edit(&e.reading, "svm:0x72 100", "svm:0x72 99");
	fake_edit(&e.reading, "svm:0x7b 10", "svm:0x7b 11");
	expect(&e, NULL, "the marker's own exit and the pause come after");
	evidence_free(&e);

	fake_evidence(&e);
	fake_edit(&e.trace, "func 4fffff02 idx 72", "func 4fffffee idx 57495453");
	fake_edit(&e.reading, "svm:0x7b 10", "svm:0x7b 11");
	expect(&e, "", "the marker's own CPUID is not in the reading");
	evidence_free(&e);
}

static void set_statistics(struct text *t, const char *values)
{
	char text[256];

	/* From the last slot, 192, to the first; 123 and 114 are 69 and 78 behind it. */
	snprintf(text, sizeof(text),
		 "{\"return\": [{\"provider\": \"kvm\", \"stats\": [{\"name\": \"exits\", "
		 "\"value\": 1}, {\"name\": \"exit_count\", \"value\": [%s]}]}]}",
		 values);
	fake_text(t, text, strlen(text));
}

static void test_statistics(void **state)
{
	/* One slot each, so that the list stays short. */
	static const char reading[] = "0 svm:0x72 100\n1 svm:0x7b 10\n2 svm:0x400 5\n";
	struct evidence e;

	(void)state;
	fake_evidence(&e);
	fake_text(&e.reading, reading, strlen(reading));
	fake_edit(&e.trace, "idx 7b", "idx 1");
	fake_edit(&e.trace, "idx 72", "idx 0");
	fake_edit(&e.trace, "idx c0", "idx 2");
	set_statistics(&e.vcpu_stats, "6, 11, 100");
	set_statistics(&e.vm_stats, "6, 11, 100");
	expect(&e, NULL, "both agree");
	set_statistics(&e.vm_stats, "7, 10, 100");
	expect(&e, "svm:0x7b: KVM_GET_STATS_FD shows 10 exits for the VM, 11 for its vCPUs", "VM");
	set_statistics(&e.vcpu_stats, "7, 10, 100");
	expect(&e, "svm:0x7b: KVM_GET_STATS_FD shows 10 exits, the tracepoint 11", "vCPUs");
	set_statistics(&e.vcpu_stats, "0, 6, 11, 100");
	set_statistics(&e.vm_stats, "0, 6, 11, 100");
	expect(&e, NULL, "more slots, all zero");
	set_statistics(&e.vcpu_stats, "1, 6, 11, 100");
	expect(&e, "shows exits in slot 3, which the guest's reading does not have", "a slot more");
	fake_text(&e.vcpu_stats, "{\"error\": {}}", 13);
	expect(&e, "for the VM, and not for its vCPUs", "vCPUs do not show them");
	fake_text(&e.vm_stats, NULL, 0);
	expect(&e, NULL, "a KVM that shows none");
	/* Without the counter of all others there must not be any. */
	fake_edit(&e.histogram, "1024 }", " 999 }");
	expect(&e, "the tracepoint saw exit reason 999, for which the guest's reading has no",
	       "no counter");
	evidence_free(&e);
}

static void test_several_guests(void **state)
{
	static const char neighbour[] = "{\"return\": [{\"thread-id\": 9}, {\"thread-id\": 8}]}";
	struct evidence e;

	(void)state;
	fake_evidence(&e);
	e.cpus = reallocarray(e.cpus, 2, sizeof(*e.cpus));
	assert_non_null(e.cpus);
	e.cpus[1] = (struct text){ .path = strdup("guest2/evidence/cpus.json") };
	e.guests = 2;
	fake_text(&e.cpus[1], neighbour, strlen(neighbour));
	fake_edit(&e.histogram, "hitcount:         11",
		  "hitcount:         11\n{ common_pid: 8, exit_reason: 123 } hitcount: 4\n"
		  "{ common_pid: 9, exit_reason: 123 } hitcount: 5");
	fake_edit(&e.histogram, "Hits: 117", "Hits: 126");
	fake_edit(&e.histogram, "Entries: 3", "Entries: 5");
	expect(&e, NULL, "the neighbour's exits do not count");
	fake_edit(&e.cpus[1], "8", "10");
	expect(&e, "thread 8, which is no vCPU of an inner VM", "a thread of nobody");
	/* The ring buffer is this guest's alone: its neighbours are paused. */
	fake_edit(&e.cpus[1], "10", "8");
	fake_edit(&e.trace, "x86-7 ", "x86-8 ");
	expect(&e, "event of thread 8, which is no vCPU of this inner VM", "a neighbour's event");
	evidence_free(&e);
}

static void expect_line(const struct evidence *e, const char *expected)
{
	struct fault f = { 0 };
	struct verdict v;
	char *line = NULL;
	size_t length;
	FILE *out;

	assert_int_equal(verdict_make(&v, e, &f), 0);
	out = open_memstream(&line, &length);
	verdict_line(&v, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(line, expected);
	free(line);
	verdict_free(&v);
}

static void test_the_line(void **state)
{
	struct evidence e;

	(void)state;
	fake_evidence(&e);
	expect_line(&e, "all 117 exits that the outer VM counted are in the guest's counters, "
			"reason by reason (2 of them came after the last reading)");
	fake_edit(&e.reading, "svm:0x7b 10", "svm:0x7b 11");
	fake_edit(&e.reading, "svm:0x400 5", "svm:0x400 4");
	expect_line(&e, "the guest's counters differ from the outer VM's: svm:0x7b 11 is not 11 + "
			"1; svm:0x400 6 is not 4 + 1");
	fake_edit(&e.stat, "117", "118");
	expect_line(&e, "the guest's counters differ from the outer VM's: kvm_exit saw 117 exits, "
			"stat.exits 118");
	evidence_free(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_the_document),
		cmocka_unit_test(test_two_explanations_in_one),
		cmocka_unit_test(test_one_edit),
		cmocka_unit_test(test_emulated_states),
		cmocka_unit_test(test_two_errors_that_cancel),
		cmocka_unit_test(test_read_just_before_the_exit),
		cmocka_unit_test(test_the_bitmap_stands_for_a_counter_that_was_zero),
		cmocka_unit_test(test_a_second_marker),
		cmocka_unit_test(test_statistics),
		cmocka_unit_test(test_several_guests),
		cmocka_unit_test(test_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
