// SPDX-License-Identifier: MIT
/* Evidence of real laboratory runs: what the check makes of it, whole and damaged. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_evidence.h"
#include "witness/verdict.h"

#define DATA TEST_DATA "/witness/"

static void load(struct evidence *e, const char *folder, unsigned int guest)
{
	struct fault f = { 0 };

	if (evidence_read(e, folder, guest, &f))
		fail_msg("%s", f.text);
}

/* 1 equal, 0 not equal, -1 cannot be read. */
static int judge(const struct evidence *e)
{
	struct fault f = { 0 };
	struct verdict v;
	int ret;

	ret = verdict_make(&v, e, &f) ? -1 : v.equal;
	verdict_free(&v);
	return ret;
}

static void same_document(const char *folder, unsigned int guest, const char *expected)
{
	json_t *document, *known;
	struct fault f = { 0 };
	struct evidence e;
	struct verdict v;

	load(&e, folder, guest);
	assert_int_equal(verdict_make(&v, &e, &f), 0);
	document = verdict_document(&v, "shadow");
	known = json_load_file(expected, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(known);
	assert_true(json_equal(document, known));
	assert_true(v.equal);
	json_decref(known);
	json_decref(document);
	verdict_free(&v);
	evidence_free(&e);
}

static void test_real_evidence(void **state)
{
	(void)state;
	same_document(DATA "svm-two-guests", 1, DATA "svm-two-guests/expected.json");
	same_document(DATA "svm-two-guests", 2, DATA "svm-two-guests/guest2/expected.json");
	same_document(DATA "vmx-shadow", 1, DATA "vmx-shadow/expected.json");
}

/* Every file cut at every byte; only the newline behind JSON may be missing. */
static void never_equal_when_cut(struct evidence *e, struct text *t, const char *what)
{
	const char *end = t->data[0] == '{' ? strrchr(t->data, '}') + 1 : t->data + t->size;
	const size_t size = t->size, json = (size_t)(end - t->data);
	char byte;

	for (t->size = 0; t->size < size; t->size++) {
		byte = t->data[t->size];
		t->data[t->size] = 0;
		if (judge(e) == 1 && (t->size < json || !t->size))
			fail_msg("%s: equal with the first %zu of %zu bytes", what, t->size, size);
		t->data[t->size] = byte;
	}
}

static void test_truncated(void **state)
{
	struct text of_vcpus, of_vm;
	struct evidence e;

	(void)state;
	load(&e, DATA "vmx-shadow", 1);
	assert_int_equal(judge(&e), 1);
	/* Without the statistics, so that they cannot make up for what another file lacks. */
	of_vcpus = e.vcpu_stats;
	of_vm = e.vm_stats;
	e.vcpu_stats = e.vm_stats = (struct text){ 0 };
	assert_int_equal(judge(&e), 1);
	never_equal_when_cut(&e, &e.trace, "trace");
	never_equal_when_cut(&e, &e.histogram, "histogram");
	never_equal_when_cut(&e, &e.stat, "stat-exits");
	never_equal_when_cut(&e, &e.format, "format");
	never_equal_when_cut(&e, &e.unentered, "unentered");
	never_equal_when_cut(&e, e.cpus, "cpus.json");
	e.vcpu_stats = of_vcpus;
	e.vm_stats = of_vm;
	never_equal_when_cut(&e, &e.vcpu_stats, "stats-vcpu.json");
	never_equal_when_cut(&e, &e.vm_stats, "stats-vm.json");
	/* Its last lines are counters that are zero. */
	assert_int_equal(judge(&e), 1);
	evidence_free(&e);
}

static size_t line_at(const struct text *t, size_t offset)
{
	const char *newline = memchr(t->data + offset, '\n', t->size - offset);

	return newline ? (size_t)(newline - t->data) + 1 : t->size;
}

/* The two lines from `first` on change places. */
static void swap(struct text *t, size_t first, size_t second, size_t end)
{
	char *copy = malloc(end - first);

	assert_non_null(copy);
	memcpy(copy, t->data + second, end - second);
	memcpy(copy + (end - second), t->data + first, second - first);
	memcpy(t->data + first, copy, end - first);
	free(copy);
}

static void test_reordered(void **state)
{
	size_t first, second, end, swapped = 0;
	struct evidence e;

	(void)state;
	load(&e, DATA "svm-two-guests", 2);
	for (first = 0; first < e.trace.size; first = second) {
		second = line_at(&e.trace, first);
		end = line_at(&e.trace, second);
		if (e.trace.data[first] == '#' || second == end)
			continue;
		swap(&e.trace, first, second, end);
		assert_int_equal(judge(&e), 0);
		swap(&e.trace, first, first + (end - second), end);
		swapped++;
	}
	assert_true(swapped > 20);
	assert_int_equal(judge(&e), 1);
	evidence_free(&e);
}

/* One line of the trace or the histogram is missing, or is there twice. */
static void test_one_line_less_or_more(void **state)
{
	struct text *file, whole = { 0 };
	struct evidence e;
	size_t at, end;
	char *line;
	int i;

	(void)state;
	load(&e, DATA "svm-two-guests", 1);
	for (i = 0; i < 2; i++) {
		file = i ? &e.trace : &e.histogram;
		fake_text(&whole, file->data, file->size);
		for (at = 0; at < whole.size; at = end) {
			end = line_at(&whole, at);
			line = strndup(whole.data + at, end - at);
			if (line[0] == ' ' || line[0] == '{') {
				fake_edit(file, line, "");
				assert_int_equal(judge(&e), 0);
				fake_text(file, whole.data, whole.size);
				fake_text(file, whole.data, at);
				file->data = realloc(file->data, whole.size + (end - at) + 1);
				memcpy(file->data + at, line, end - at);
				memcpy(file->data + end, whole.data + at, whole.size - at + 1);
				file->size = whole.size + (end - at);
				assert_int_equal(judge(&e), 0);
				fake_text(file, whole.data, whole.size);
			}
			free(line);
		}
	}
	assert_int_equal(judge(&e), 1);
	fake_text(&whole, NULL, 0);
	evidence_free(&e);
}

/* Each file of another inner VM in its place. */
static void test_foreign(void **state)
{
	struct evidence e, other;

	(void)state;
	load(&e, DATA "svm-two-guests", 1);
	load(&other, DATA "svm-two-guests", 2);
	fake_text(&e.trace, other.trace.data, other.trace.size);
	assert_int_equal(judge(&e), 0);
	evidence_free(&e);
	/* The second guest still ran when the first one was read. */
	load(&e, DATA "svm-two-guests", 1);
	fake_text(&other.histogram, e.histogram.data, e.histogram.size);
	assert_int_equal(judge(&other), 0);
	evidence_free(&other);
	load(&other, DATA "vmx-shadow", 1);
	evidence_free(&e);
	load(&e, DATA "svm-two-guests", 1);
	fake_text(&e.reading, other.reading.data, other.reading.size);
	assert_int_equal(judge(&e), 0);
	evidence_free(&e);
	evidence_free(&other);
}

/* A program's name is what its maker likes. */
static void test_hostile_names_of_programs(void **state)
{
	static const char *const names[] = {
		"<...>",
		"CPU 0/KVM",
		"a-b-c",
		"[001] x 1: y: ",
		"a-9 [0] x 1: y: ",
		": kvm_exit: ",
		"x [000] 9",
		"\xff\xfe",
		"-",
		"[",
		"] [",
	};
	struct evidence e;
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fake_evidence(&e);
		snprintf(text, sizeof(text), "%s-7 ", names[i]);
		fake_edit(&e.trace, "qemu-system-x86-7 ", text);
		assert_int_equal(judge(&e), 1);
		evidence_free(&e);
	}
}

static void test_files_that_did_not_come(void **state)
{
	struct fault f = { 0 };
	struct evidence e;

	(void)state;
	assert_int_equal(evidence_read(&e, DATA "none", 1, &f), -ENOENT);
	assert_non_null(strstr(f.text, "witness/none/guest: cannot be read: No such file"));
	evidence_free(&e);
	f = (struct fault){ 0 };
	assert_int_equal(evidence_read(&e, DATA "vmx-shadow", 2, &f), -ENOENT);
	assert_non_null(strstr(f.text, "vmx-shadow: has no guest2: it holds 1 inner VM"));
	evidence_free(&e);
	load(&e, DATA "svm-two-guests", 1);
	assert_int_equal(e.guests, 2);
	assert_null(e.unentered.data);
	evidence_free(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real_evidence),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_reordered),
		cmocka_unit_test(test_one_line_less_or_more),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_hostile_names_of_programs),
		cmocka_unit_test(test_files_that_did_not_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
