// SPDX-License-Identifier: MIT
/* `suite probe`: what it prints of one reading, in every form. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fake_open.h"
#include "reading/reading.h"

struct reading {
	struct fake_kvm k;
	struct exitprobe p;
	struct exitprobe_snapshot s;
	struct probe_list list;
};

static void read_machine(struct reading *r, const struct fake_machine *m, bool all)
{
	fake_machine_init(&r->k, m);
	fake_kvm_exits(&r->k, 1, 12);
	fake_kvm_exits(&r->k, 48, 890534); /* EPT_VIOLATION, or WRITE_DR0 */
	fake_kvm_exits(&r->k, 0x400, m->vendor == EXITPROBE_SVM ? 7 : 0);
	assert_int_equal(fake_open(&r->p, &r->k), 0);
	assert_int_equal(exitprobe_snapshot(&r->p, 0, &r->s), 0);
	probe_list(&r->list, &r->p, &r->s, all);
}

static char *printed(const struct probe_list *list, int (*form)(const struct probe_list *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_int_equal(form(list, f), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

static int bars(const struct probe_list *list, FILE *out)
{
	probe_histograms_text(list, out);
	return 0;
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in:\n%s", part, text);
}

static unsigned int lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void test_rows(void **state)
{
	const struct fake_machine *m;
	struct reading r;
	size_t i;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		read_machine(&r, m, false);
		assert_int_equal(r.list.row[0].code, 48);
		assert_int_equal(r.list.row[0].count, 890534);
		for (i = 1; i < r.list.rows; i++) {
			assert_true(r.list.row[i].count > 0);
			assert_true(r.list.row[i].count <= r.list.row[i - 1].count);
		}
		assert_int_equal(r.list.rows, m->vendor == EXITPROBE_SVM ? 4 : 3);
	}
}

/* A course layout has no counter for undefined reasons: no row, not even one of 0. */
static void test_all_rows(void **state)
{
	const struct fake_machine *m;
	struct reading r;
	unsigned int n, others;
	size_t i;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		read_machine(&r, m, true);
		exitprobe_reasons(m->vendor, &n);
		n -= m->vendor == EXITPROBE_SVM; /* SW has no slot */
		for (others = 0, i = 0; i < r.list.rows; i++)
			others += r.list.row[i].code == EXITPROBE_CODE_OTHER;
		assert_int_equal(others, r.k.extension);
		assert_int_equal(r.list.rows, n + others);
	}
}

static void test_unknown_code(void **state)
{
	struct reading r;
	char *text;

	(void)state;
	fake_kvm_init(&r.k, EXITPROBE_SVM);
	fake_kvm_exits(&r.k, 0x407, 5); /* has a slot, and no name yet */
	assert_int_equal(fake_open(&r.p, &r.k), 0);
	assert_int_equal(exitprobe_snapshot(&r.p, 0, &r.s), 0);
	probe_list(&r.list, &r.p, &r.s, false);
	text = printed(&r.list, probe_csv);
	assert_has(text, "svm:0x407,?,other,5,6000\n");
	free(text);
}

static void test_csv(void **state)
{
	struct reading r;
	char *text;

	(void)state;
	read_machine(&r, &fake_machines[0], false);
	text = printed(&r.list, probe_csv);
	assert_has(text, "reason,name,class,count,busy_cycles\nvmx:48,EPT_VIOLATION,"
			 "nested-page-fault,890534,1068640800\n");
	assert_int_equal(lines(text), 4);
	free(text);
	read_machine(&r, &fake_machines[6], false); /* layout C: no cycles, which is not 0 */
	text = printed(&r.list, probe_csv);
	assert_has(text, "vmx:48,EPT_VIOLATION,nested-page-fault,890534,\n");
	free(text);
}

static void test_boot_listings(void **state)
{
	struct reading r;
	char *text;
	unsigned int n;

	(void)state;
	read_machine(&r, &fake_machines[0], false);
	text = printed(&r.list, probe_ffd);
	assert_has(text, "\nexit number= 48, name= EPT_VIOLATION, number_of_exits =890534\n");
	assert_has(text, "\nexit number= 12, name= HLT, number_of_exits =0\n");
	assert_lacks(text, "number= 35,");
	exitprobe_reasons(EXITPROBE_VMX, &n);
	assert_int_equal(lines(text), n);
	free(text);
	text = printed(&r.list, probe_ffc);
	assert_has(text, "\nexit number= 48, name= EPT_VIOLATION, cycles =1068640800\n");
	free(text);
	read_machine(&r, &fake_machines[1], false);
	text = printed(&r.list, probe_ffd);
	assert_has(text, "\nexit number= 1024, name= NPF, number_of_exits =7\n");
	assert_lacks(text, "name= SW,"); /* not counted apart, so not shown as 0 */
	free(text);
}

static void test_text(void **state)
{
	const struct fake_machine *m;
	struct reading r;
	char *text;

	(void)state;
	for (m = fake_machines; m->vendor; m++) {
		read_machine(&r, m, false);
		text = printed(&r.list, probe_text);
		assert_has(text, exitprobe_backend_name(r.p.course_layout));
		assert_has(text, exitprobe_vendor_name(m->vendor));
		assert_has(text, "fingerprint  nested: ");
		assert_has(text, "890534");
		if (r.k.extension) {
			assert_has(text, "ABI 1");
			assert_has(text, "instance     0x12345678");
			assert_has(text, "host TSC     2400.000 MHz");
			assert_has(text, "nested: as the hypervisor says");
		} else {
			assert_has(text, "paging       unknown");
			assert_lacks(text, "instance");
		}
		assert_int_equal(strstr(text, " 1200\n") != NULL, r.p.cycles);
		free(text);
	}
}

static void test_text_warns_of_a_wrong_mode(void **state)
{
	struct reading r;
	char *text;

	(void)state;
	read_machine(&r, &fake_machines[0], false);
	r.p.paging = EXITPROBE_SHADOW;
	text = printed(&r.list, probe_text);
	assert_has(text, "fingerprint  nested: NOT what the hypervisor says");
	free(text);
	fake_kvm_exits(&r.k, 14, 3);
	assert_int_equal(exitprobe_snapshot(&r.p, 0, &r.s), 0);
	text = printed(&r.list, probe_text);
	assert_has(text, "fingerprint  mixed: ");
	free(text);
}

static void read_histograms(struct reading *r, const struct fake_machine *m,
			    struct probe_histogram *into)
{
	uint64_t calls;
	uint32_t cost;

	read_machine(r, m, false);
	assert_int_equal(probe_histograms(&r->list, into, &cost), -ENOTSUP);
	r->k.histograms = true;
	assert_int_equal(fake_open(&r->p, &r->k), 0);
	calls = r->k.calls;
	assert_int_equal(probe_histograms(&r->list, into, &cost), 0);
	assert_int_equal(cost, r->k.calls - calls);
}

static uint64_t bucket_sum(const struct probe_histogram *h)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < PROBE_BUCKETS; i++)
		sum += h->bucket[i];
	return sum;
}

/* CPUID counts while it is read; all others are idle. */
static void test_histogram_of_each_row(void **state)
{
	static struct probe_histogram h[EXITPROBE_SLOTS];
	const struct probe_row *row;
	struct reading r;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		read_histograms(&r, &fake_machines[i], h);
		for (row = r.list.row; row < r.list.row + r.list.rows; row++) {
			assert_ptr_equal(row->histogram, &h[row - r.list.row]);
			if (row->code == fake_kvm_cpuid_code(&r.k)) {
				assert_in_range(bucket_sum(row->histogram),
						row->histogram->exits - 1,
						row->histogram->exits + 16);
				continue;
			}
			assert_int_equal(row->histogram->exits, row->count);
			assert_int_equal(bucket_sum(row->histogram), row->count);
		}
	}
}

static void now_and_then(struct fake_kvm *k)
{
	if (fake_kvm_random(k) % 16 == 0)
		fake_kvm_exits(k, 1, 1);
}

/* Often two in one reading, which sees one of them. */
static void test_histogram_is_read_again(void **state)
{
	static struct probe_histogram h[EXITPROBE_SLOTS];
	const struct probe_row *row;
	struct reading r;
	unsigned int i;
	uint32_t cost;

	(void)state;
	read_machine(&r, &fake_machines[0], false);
	r.k.histograms = true;
	assert_int_equal(fake_open(&r.p, &r.k), 0);
	r.k.background = now_and_then;
	for (i = 0; i < 500; i++) {
		assert_int_equal(probe_histograms(&r.list, h, &cost), 0);
		for (row = r.list.row; row < r.list.row + r.list.rows; row++)
			if (row->code != fake_kvm_cpuid_code(&r.k))
				assert_int_equal(bucket_sum(row->histogram), row->histogram->exits);
	}
}

static void test_histogram_text(void **state)
{
	static struct probe_histogram h[EXITPROBE_SLOTS];
	struct reading r;
	char *text, *line, *next;

	(void)state;
	read_histograms(&r, &fake_machines[0], h);
	h[0].bucket[FAKE_BUCKET] = 40000;
	h[0].bucket[FAKE_BUCKET + 1] = 20000;
	h[0].bucket[FAKE_ODD_BUCKET(48)] = 1;
	text = printed(&r.list, bars);
	assert_has(text, "\nvmx:48 EPT_VIOLATION: 890534 exits, mean 1200 busy cycles\n");
	assert_has(text, "  1024 -> 2047   :      40000 |****************************************"
			 "********|\n");
	assert_has(text, "  2048 -> 4095   :      20000 |************************                "
			 "        |\n");
	assert_has(text, "  4096 -> 8191   :          0 |                                        "
			 "        |\n");
	assert_has(text, " 65536 -> 131071 :          1 |.  ");
	assert_has(text, "exits distribution\n  1024 -> ");
	assert_lacks(text, "\033");
	for (line = text; (next = strchr(line, '\n')); line = next + 1)
		assert_true(next - line <= 80);
	free(text);
	memset(&h[0].bucket, 0, sizeof(h[0].bucket));
	h[0].bucket[0] = 1;
	h[0].bucket[63] = 4294967295u;
	text = printed(&r.list, bars);
	assert_has(text, "                   0 -> 1 ");
	assert_has(text, " 9223372036854775808 -> 18446744073709551615 : 4294967295 |****");
	free(text);
}

static void test_wall(void **state)
{
	struct reading r;
	char *text;

	(void)state;
	read_machine(&r, &fake_machines[0], false);
	text = printed(&r.list, probe_text);
	assert_lacks(text, "WALL");
	free(text);
	assert_int_equal(exitprobe_snapshot(&r.p, EXITPROBE_WALL, &r.s), 0);
	probe_list(&r.list, &r.p, &r.s, false);
	text = printed(&r.list, probe_text);
	assert_has(text, "CYCLES/EXIT    WALL/EXIT\n");
	assert_has(text, "        1200         1500\n");
	free(text);
	text = printed(&r.list, probe_csv);
	assert_has(text, "count,busy_cycles,wall_cycles\n");
	assert_has(text, ",890534,1068640800,1335801000\n");
	free(text);
	text = printed(&r.list, probe_json);
	assert_has(text, "\"wall\": 1335801000");
	free(text);
}

static void assert_string(const json_t *json, const char *key, const char *value)
{
	assert_string_equal(json_string_value(json_object_get(json, key)), value);
}

static void test_json(void **state)
{
	struct reading r;
	json_t *json, *row;
	char *text;

	(void)state;
	read_machine(&r, &fake_machines[1], false);
	text = printed(&r.list, probe_json);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	assert_string(json, "backend", "leaves");
	assert_string(json, "vendor", "svm");
	assert_string(json, "paging", "nested");
	assert_string(json, "fingerprint", "nested");
	assert_string(json, "scope", "vm");
	assert_int_equal(json_integer_value(json_object_get(json, "instance")), 0x12345678);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(json, "cost"), "snapshot")),
		r.s.cost);
	row = json_array_get(json_object_get(json, "reasons"), 3);
	assert_string(row, "reason", "svm:0x400");
	assert_string(row, "class", "nested-page-fault");
	assert_int_equal(json_integer_value(json_object_get(row, "count")), 7);
	assert_int_equal(json_integer_value(json_object_get(row, "busy")), 7 * FAKE_BUSY);
	json_decref(json);
	free(text);
}

static void test_json_of_histograms(void **state)
{
	static struct probe_histogram h[EXITPROBE_SLOTS];
	struct reading r;
	json_t *json, *row, *bucket;
	char *text;

	(void)state;
	read_histograms(&r, &fake_machines[0], h);
	text = printed(&r.list, probe_json);
	json = json_loads(text, 0, NULL);
	row = json_object_get(json_array_get(json_object_get(json, "reasons"), 0), "histogram");
	assert_int_equal(json_integer_value(json_object_get(row, "exits")), 890534);
	assert_int_equal(json_array_size(json_object_get(row, "buckets")), 2);
	bucket = json_array_get(json_object_get(row, "buckets"), 0);
	assert_int_equal(json_integer_value(json_object_get(bucket, "log2")), FAKE_BUCKET);
	assert_int_equal(json_integer_value(json_object_get(bucket, "exits")), 890533);
	json_decref(json);
	free(text);
}

static void test_json_says_what_is_not_known(void **state)
{
	struct reading r;
	json_t *json, *row;
	char *text;

	(void)state;
	read_machine(&r, &fake_machines[6], false);
	text = printed(&r.list, probe_json);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	assert_string(json, "backend", "course-c");
	assert_string(json, "paging", "unknown");
	assert_true(json_is_null(json_object_get(json, "abi")));
	assert_true(json_is_null(json_object_get(json, "vcpus")));
	row = json_array_get(json_object_get(json, "reasons"), 0);
	assert_true(json_is_null(json_object_get(row, "busy")));
	json_decref(json);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_all_rows),
		cmocka_unit_test(test_unknown_code),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_boot_listings),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_warns_of_a_wrong_mode),
		cmocka_unit_test(test_histogram_of_each_row),
		cmocka_unit_test(test_histogram_is_read_again),
		cmocka_unit_test(test_histogram_text),
		cmocka_unit_test(test_wall),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_of_histograms),
		cmocka_unit_test(test_json_says_what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
