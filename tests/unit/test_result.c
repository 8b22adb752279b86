// SPDX-License-Identifier: MIT
/* Description: result files survive reading and writing; one line says what is wrong with one. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "result/result.h"

#define FFFD "\xef\xbf\xbd"

static char folder[] = "/tmp/test_result.XXXXXX";

static const char *in_folder(const char *name)
{
	static char path[2][128];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
	return path[turn];
}

static char *content(const char *path)
{
	char *text = calloc(1, 1 << 20);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
	fclose(f);
	return text;
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int files(void)
{
	char command[160];
	FILE *p;
	int n = 0;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", folder);
	p = popen(command, "r");
	assert_non_null(p);
	assert_int_equal(fscanf(p, "%d", &n), 1);
	pclose(p);
	return n;
}

static int make_folder(void **state)
{
	(void)state;
	return !mkdtemp(folder);
}

static int remove_folder(void **state)
{
	char command[160];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static void reading_and_writing_changes_no_byte(void **state)
{
	static const char *const names[] = { "nested.json", "shadow.json", "incomplete.json",
					     "time-only.json", "mixed.json" };
	char path[256], message[256], *was, *is;
	struct result r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), TEST_DATA "/%s", names[i]);
		assert_int_equal(result_read(&r, path, message, sizeof(message)), 0);
		assert_int_equal(result_write(&r, in_folder("copy.json"), message, sizeof(message)),
				 0);
		result_free(&r);
		was = content(path);
		is = content(in_folder("copy.json"));
		assert_string_equal(is, was);
		free(was);
		free(is);
	}
}

static size_t index_of(const struct result *r, uint32_t code)
{
	size_t i;

	for (i = 0; i < r->reasons; i++)
		if (r->reason[i] == code)
			return i;
	fail_msg("no reason %#x", code);
	return 0;
}

static void fields_arrive_where_they_belong(void **state)
{
	const struct result_workload *w;
	char message[256];
	struct result r;

	(void)state;
	assert_int_equal(result_read(&r, TEST_DATA "/shadow.json", message, sizeof(message)), 0);
	assert_true(r.complete);
	assert_int_equal(r.backend, EXITPROBE_LEAVES);
	assert_int_equal(r.vendor, EXITPROBE_SVM);
	assert_int_equal(r.paging, EXITPROBE_SHADOW);
	assert_int_equal(r.fingerprint, EXITPROBE_LOOKS_SHADOW);
	assert_string_equal(r.paging_source, "leaf 0x4fffff01");
	assert_string_equal(result_label(&r, "pti"), "off");
	assert_null(result_label(&r, "no such fact"));
	assert_int_equal(r.seed, 12);
	assert_int_equal(r.before[index_of(&r, 0x79)], 40432);
	assert_int_equal(r.before[index_of(&r, 0x72)], 0);
	assert_int_equal(r.after[index_of(&r, 0x72)], 15000);
	w = result_find(&r, "cr3.pipe");
	assert_non_null(w);
	assert_int_equal(w->samples, 20);
	assert_string_equal(w->control, "cr3.thread");
	assert_int_equal(w->expectations, 1);
	assert_int_equal(w->expectation->exit_class, EXITPROBE_CR_ACCESS);
	assert_true(w->expectation->low == 2.2 && w->expectation->high == 2.3);
	assert_int_equal(w->sample[0].exits[index_of(&r, 0x13)], 2 * w->sample[0].ops);
	assert_int_equal(w->sample[0].usage.voluntary_switches, 2 * w->sample[0].ops);
	assert_null(w->sample[0].busy);
	w = result_find(&r, "io.pio");
	assert_int_equal(w->status, RESULT_SKIPPED);
	assert_non_null(strstr(w->reason, "ioperm"));
	result_free(&r);

	assert_int_equal(result_read(&r, TEST_DATA "/time-only.json", message, sizeof(message)), 0);
	assert_int_equal(r.backend, EXITPROBE_NONE);
	assert_null(r.workload->sample->exits);
	assert_null(r.after);
	assert_non_null(strstr(r.why, "patched KVM"));
	result_free(&r);
}

/* What run builds, with all that a hostile or unlucky environment can put in. */
static void made_in_memory_it_is_written_and_read_back(void **state)
{
	struct result r = { .backend = EXITPROBE_LEAVES, .vendor = EXITPROBE_VMX, .reasons = 2 };
	struct result_workload *w;
	struct result_sample *s;
	char message[256], *text;
	int i;

	(void)state;
	r.reason = calloc(2, sizeof(*r.reason));
	r.reason[0] = 48;
	r.reason[1] = EXITPROBE_CODE_OTHER;
	r.tool_version = strdup("1");
	assert_int_equal(result_add_label(&r, "host\xff", "%s", "a\"b\\<script>\xc3\xa4\xe2\x82"),
			 0);
	/* Overlong, a surrogate, beyond U+10FFFF. */
	assert_int_equal(
		result_add_label(&r, "more", "%s", "\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80"), 0);
	w = result_add_workload(&r);
	w->name = strdup("a.b");
	w->op = strdup("op");
	assert_int_equal(result_add_parameter(w, "pages", -3), 0);
	assert_int_equal(result_add_expectation(w, EXITPROBE_IO, 1, INFINITY, NULL), 0);
	for (i = 0; i < 5; i++) {
		s = result_add_sample(&r, w);
		s->ops = (uint64_t)i + 1;
		s->cycles = INT64_MAX;
		s->exits[1] = 7;
	}
	assert_int_equal(result_add_vcpus(&r, &w->sample[2], 2), 0);
	w->sample[2].vcpu[1] = (struct result_vcpu){ 3, 99, w->sample[2].vcpu[1].exits };
	w->sample[2].vcpu[1].exits[1] = 5;
	assert_int_equal(result_add_vcpus(&r, &w->sample[4], 2), 0); /* dropped with it */
	result_drop_sample(w);
	assert_int_equal(result_write(&r, in_folder("made.json"), message, sizeof(message)), 0);
	result_free(&r);

	text = content(in_folder("made.json"));
	assert_null(strstr(text, "vmx:48"));
	assert_null(strstr(text, "\"high\""));
	assert_null(strstr(text, "tsc_khz"));
	free(text);
	assert_int_equal(result_read(&r, in_folder("made.json"), message, sizeof(message)), 0);
	assert_string_equal(r.label[0].name, "host\xef\xbf\xbd");
	assert_string_equal(r.label[0].value, "a\"b\\<script>\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd");
	assert_string_equal(r.label[1].value, FFFD FFFD " " FFFD FFFD FFFD " " FFFD FFFD FFFD FFFD);
	w = &r.workload[0];
	assert_int_equal(w->samples, 4);
	assert_int_equal(w->sample[3].ops, 4);
	assert_true(w->sample[3].cycles == INT64_MAX);
	assert_int_equal(r.reasons, 1);
	assert_int_equal(w->sample[0].exits[0], 7);
	assert_int_equal(w->sample[1].vcpus, 0);
	assert_int_equal(w->sample[2].vcpus, 2);
	assert_int_equal(w->sample[2].vcpu[1].cpu, 3);
	assert_int_equal(w->sample[2].vcpu[1].cycles, 99);
	assert_int_equal(w->sample[2].vcpu[1].exits[0], 5);
	assert_int_equal(w->sample[2].vcpu[0].exits[0], 0);
	assert_int_equal(w->parameter[0].value, -3);
	assert_true(isinf(w->expectation[0].high));
	result_free(&r);
}

#define HEAD                                                                  \
	"{\"schema\":{\"id\":\"kvm-exit-suite/result\",\"version\":\"1.7\"}," \
	"\"complete\":true,\"new key\":[{}],"
#define PROBE "\"probe\":{\"backend\":\"leaves\",\"vendor\":\"svm\",\"paging\":\"nested\"},"
#define NO_PROBE "\"probe\":{\"backend\":\"none\",\"vendor\":\"svm\",\"paging\":\"unknown\"},"
#define WORKLOAD(rest) "\"workloads\":[{\"name\":\"a\",\"op\":\"b\",\"status\":\"done\"," rest "}]}"
#define SAMPLE(rest) WORKLOAD("\"samples\":[{\"repeat\":0,\"ops\":1,\"cycles\":2" rest "}]")

static const struct {
	const char *text;
	int error;
	const char *words[3];
} bad[] = {
	{ "", -EINVAL, { "is empty" } },
	{ "{\"schema\":\n{\"id\":\"kvm-ex", -EINVAL, { "ends in the middle", "line 2", "again" } },
	{ HEAD PROBE "\"workloads\":[", -EINVAL, { "ends in the middle" } },
	{ "exit number= 48", -EINVAL, { "line 1", "not JSON", "suite run" } },
	{ "{} trailing", -EINVAL, { "not JSON" } },
	{ "{\"a\":1,\"a\":2}", -EINVAL, { "duplicate" } },
	{ "[]", -EINVAL, { "not a result file" } },
	{ "{\"kvm_exit\":{}}", -EINVAL, { "not a result file", "suite run" } },
	{ "{\"schema\":{\"id\":\"kvm-exit-suite/result\",\"version\":1}}",
	  -EINVAL,
	  { "schema.version" } },
	{ "{\"schema\":{\"id\":\"kvm-exit-suite/result\",\"version\":\"2.0\"}}",
	  -EPROTO,
	  { "version 2.0", "1.x", "newer" } },
	{ HEAD "\"workloads\":[]}", -EINVAL, { "probe is missing" } },
	{ HEAD PROBE "\"x\":1}", -EINVAL, { "workloads is missing" } },
	{ HEAD PROBE "\"workloads\":{}}", -EINVAL, { "workloads is an object, not an array" } },
	{ HEAD PROBE "\"workloads\":[{\"name\":3}]}", -EINVAL, { "workloads[0].name", "whole" } },
	{ HEAD PROBE "\"workloads\":[{\"name\":\"a\",\"op\":\"b\",\"status\":\"odd\"}]}",
	  -EINVAL,
	  { "workloads[0].status", "'odd'" } },
	{ HEAD PROBE WORKLOAD("\"samples\":[{\"repeat\":0}]"),
	  -EINVAL,
	  { "workloads[0].samples[0].ops is missing" } },
	{ HEAD PROBE WORKLOAD("\"samples\":[{\"repeat\":0,\"ops\":\"5\"}]"),
	  -EINVAL,
	  { "workloads[0].samples[0].ops is a string" } },
	{ HEAD PROBE WORKLOAD("\"samples\":[{\"repeat\":0,\"ops\":-5}]"), -EINVAL, { "negative" } },
	{ HEAD PROBE SAMPLE(",\"vcpus\":[{\"cpu\":0,\"cycles\":1},{\"cpu\":1}]"),
	  -EINVAL,
	  { "samples[0].vcpus[1].cycles is missing" } },
	{ HEAD PROBE SAMPLE(",\"vcpus\":[{\"cpu\":0,\"cycles\":1,\"exits\":{\"vmx:1\":2}}]"),
	  -EINVAL,
	  { "vcpus[0].exits.vmx:1", "another vendor" } },
	{ HEAD PROBE WORKLOAD("\"samples\":[{\"repeat\":4294967296}]"),
	  -EINVAL,
	  { "repeat", "above" } },
	{ HEAD PROBE SAMPLE(",\"exits\":{\"svm:0x72\":1.5}"),
	  -EINVAL,
	  { "workloads[0].samples[0].exits.svm:0x72", "fraction" } },
	{ HEAD PROBE SAMPLE(",\"exits\":{\"cpuid\":1}"),
	  -EINVAL,
	  { "exits.cpuid", "exit reason" } },
	{ HEAD PROBE SAMPLE(",\"exits\":{\"vmx:10\":1}"), -EINVAL, { "vmx:10", "vendor" } },
	{ HEAD NO_PROBE SAMPLE(",\"exits\":{}"), -EINVAL, { "exits", "backend is none" } },
	{ HEAD PROBE WORKLOAD(
		  "\"expected\":[{\"class\":\"io\",\"low\":2,\"high\":1}],\"samples\":[]"),
	  -EINVAL,
	  { "workloads[0].expected[0].low" } },
	{ HEAD PROBE WORKLOAD("\"parameters\":{\"a\\nb\":true},\"samples\":[]"),
	  -EINVAL,
	  { "workloads[0].parameters.a?b" } },
	{ HEAD PROBE
	  "\"histograms\":{\"svm:0x72\":{\"64\":1}}," SAMPLE(",\"exits\":{\"svm:0x72\":1}"),
	  -EINVAL,
	  { "histograms.svm:0x72.64", "power of two from 0 to 63" } },
	{ HEAD PROBE "\"histograms\":{\"vmx:1\":{}}," SAMPLE(""),
	  -EINVAL,
	  { "histograms.vmx:1", "vendor svm" } },
	{ HEAD PROBE "\"histograms\":{\"svm:0x72\":7}," SAMPLE(""),
	  -EINVAL,
	  { "histograms.svm:0x72", "not an object" } },
	{ HEAD "\"environment\":{\"thp\":1}," PROBE SAMPLE(""), -EINVAL, { "environment.thp" } },
};

static void what_is_wrong_is_said_with_its_place(void **state)
{
	const char *path = in_folder("bad.json");
	char message[256];
	struct result r;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		put(path, bad[i].text);
		assert_int_equal(result_read(&r, path, message, sizeof(message)), bad[i].error);
		assert_int_equal(strncmp(message, path, strlen(path)), 0);
		assert_null(strchr(message, '\n'));
		for (j = 0; j < 3 && bad[i].words[j]; j++)
			if (!strstr(message, bad[i].words[j]))
				fail_msg("'%s' is not in: %s", bad[i].words[j], message);
		assert_null(r.workload);
	}
	put(path, HEAD PROBE SAMPLE(",\"exits\":{\"svm:0x72\":1},\"later\":null"));
	assert_int_equal(result_read(&r, path, message, sizeof(message)), 0);
	assert_int_equal(r.minor, 7);
	result_free(&r);
	assert_int_equal(result_read(&r, in_folder("none"), message, sizeof(message)), -ENOENT);
	assert_non_null(strstr(message, "check the name"));
	assert_int_equal(result_read(&r, folder, message, sizeof(message)), -EISDIR);
	assert_non_null(strstr(message, "name a file in it"));
}

/* Every truncated file is refused as truncated. */
static void every_truncation_is_recognised(void **state)
{
	char *text = content(TEST_DATA "/mixed.json"), message[256];
	const char *path = in_folder("cut.json");
	size_t length = strlen(text), cut;
	struct result r;

	(void)state;
	for (cut = length - 2; cut > 0; cut = cut > 37 ? cut - 37 : 0) {
		text[cut] = 0;
		put(path, text);
		assert_int_equal(result_read(&r, path, message, sizeof(message)), -EINVAL);
		if (!strstr(message, "ends in the middle"))
			fail_msg("cut at %zu: %s", cut, message);
	}
	free(text);
}

static void a_failed_write_leaves_what_was_there(void **state)
{
	struct result r = { .backend = EXITPROBE_NONE };
	char message[256], *text;
	const char *path;
	struct stat st;
	int before;

	(void)state;
	path = in_folder("no/such.json");
	assert_int_equal(result_write(&r, path, message, sizeof(message)), -ENOENT);
	assert_non_null(strstr(message, path));
	assert_non_null(strstr(message, "-o"));
	assert_int_equal(result_writable(path, message, sizeof(message)), -ENOENT);
	assert_int_equal(result_writable("", message, sizeof(message)), -ENOENT);
	assert_int_equal(result_writable(folder, message, sizeof(message)), -EISDIR);

	path = in_folder("kept.json");
	put(path, "old");
	chmod(path, 0640);
	before = files();
	assert_int_equal(result_writable(path, message, sizeof(message)), 0);
	text = content(path);
	assert_string_equal(text, "old");
	free(text);
	assert_int_equal(result_write(&r, path, message, sizeof(message)), 0);
	assert_int_equal(files(), before);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	/* A file that does not exist yet stays absent. */
	assert_int_equal(result_writable(in_folder("new.json"), message, sizeof(message)), 0);
	assert_int_equal(files(), before);
}

/* The disk is full half-way: the old content stays, and nothing else. */
static void a_write_that_breaks_off_leaves_what_was_there(void **state)
{
	const struct rlimit room = { 100, RLIM_INFINITY }, all = { RLIM_INFINITY, RLIM_INFINITY };
	const char *path = in_folder("full.json");
	char message[256], *text;
	struct result r;
	int before, ret;

	(void)state;
	assert_int_equal(result_read(&r, TEST_DATA "/mixed.json", message, sizeof(message)), 0);
	put(path, "old");
	before = files();
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &room);
	ret = result_write(&r, path, message, sizeof(message));
	setrlimit(RLIMIT_FSIZE, &all);
	result_free(&r);
	assert_int_equal(ret, -EFBIG);
	assert_non_null(strstr(message, path));
	assert_int_equal(files(), before);
	text = content(path);
	assert_string_equal(text, "old");
	free(text);
}

static void links_and_pipes_stay_what_they_are(void **state)
{
	struct result r = { .backend = EXITPROBE_NONE };
	const char *link = in_folder("link.json"), *target = in_folder("target.json");
	char message[256], pipe[128], *text;
	struct stat st;
	int fd;

	(void)state;
	snprintf(pipe, sizeof(pipe), "%s/pipe", folder);
	put(target, "old");
	assert_int_equal(symlink("target.json", link), 0);
	assert_int_equal(result_write(&r, link, message, sizeof(message)), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	text = content(target);
	assert_non_null(strstr(text, "kvm-exit-suite/result"));
	free(text);
	/* Open at both ends: writing does not wait for a reader. */
	assert_int_equal(mkfifo(pipe, 0600), 0);
	fd = open(pipe, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(result_writable(pipe, message, sizeof(message)), 0);
	assert_int_equal(result_write(&r, pipe, message, sizeof(message)), 0);
	close(fd);
	assert_int_equal(stat(pipe, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_and_writing_changes_no_byte),
		cmocka_unit_test(fields_arrive_where_they_belong),
		cmocka_unit_test(made_in_memory_it_is_written_and_read_back),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(every_truncation_is_recognised),
		cmocka_unit_test(a_failed_write_leaves_what_was_there),
		cmocka_unit_test(a_write_that_breaks_off_leaves_what_was_there),
		cmocka_unit_test(links_and_pipes_stay_what_they_are),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
