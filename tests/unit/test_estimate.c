// SPDX-License-Identifier: MIT
/* Description: from raw samples of known truth to exits per op, verdicts and warnings. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "estimate/estimate.h"
#include "estimate/paging.h"
#include "estimate/verdict.h"
#include "report/report.h"
#include "summary/warnings.h"

#define assert_near(a, b, room) assert_true(fabs((double)(a) - (double)(b)) <= (room))

#define CPUID 0x72
#define INTR 0x60
#define CR3_WRITE 0x13
#define CR3_READ 0x03

static void load(struct result *r, struct estimate *e, const char *name)
{
	char path[256], message[256];

	snprintf(path, sizeof(path), TEST_DATA "/%s", name);
	assert_int_equal(result_read(r, path, message, sizeof(message)), 0);
	assert_int_equal(estimate_make(e, r), 0);
}

static void unload(struct result *r, struct estimate *e)
{
	estimate_free(e);
	result_free(r);
}

static const struct estimate_workload *workload(const struct estimate *e, const char *name)
{
	const struct estimate_workload *w = estimate_find(e, name);

	assert_non_null(w);
	return w;
}

static const struct estimate_row *row(const struct estimate_workload *w, uint32_t code)
{
	size_t i;

	for (i = 0; i < w->rows; i++)
		if (w->row[i].code == code)
			return &w->row[i];
	return NULL;
}

static void known_truth_comes_out(void **state)
{
	const struct estimate_workload *w;
	const struct estimate_class *c;
	struct estimate e;
	struct result r;

	(void)state;
	load(&r, &e, "shadow.json");
	w = workload(&e, "cr3.pipe");
	assert_near(row(w, CR3_WRITE)->per_op.interval.est, 2, 0.002);
	assert_near(row(w, CR3_READ)->per_op.interval.est, 0.25, 0.002);
	assert_null(row(w, CPUID));
	c = estimate_class(w, EXITPROBE_CR_ACCESS);
	assert_near(c->per_op.interval.est, 2.25, 0.002);
	assert_int_equal(c->exits, row(w, CR3_WRITE)->exits + row(w, CR3_READ)->exits);
	assert_int_equal(c->verdict, ESTIMATE_PASS);
	assert_int_equal(c->per_op.interval.n, 5);
	assert_near(c->per_op.interval.coverage, 0.9375, 1e-9);
	/* 12,000 cycles per op: background alone would add 0.006 of each of its reasons. */
	w = workload(&e, "cpuid.leaf0");
	assert_near(row(w, CPUID)->per_op.interval.est, 1, 1e-6);
	assert_near(row(w, INTR)->per_op.interval.est, 0, 0.002);
	assert_near(w->cycles.interval.est, 12000, 100);
	assert_true(w->cycles.interval.min <= w->cycles.interval.est);
	assert_near(e.ns_per_cycle, 1, 1e-9);
	assert_int_equal(e.count[ESTIMATE_UNEXPECTED], 0);
	/* 20 windows with one exit of their own each. */
	assert_near(w->exits - w->attributed - w->background, 20, 12);
	unload(&r, &e);
}

static void nothing_seen_is_an_interval(void **state)
{
	const struct estimate_class *c;
	struct estimate e;
	struct result r;

	(void)state;
	load(&r, &e, "nested.json");
	c = estimate_class(workload(&e, "cr3.pipe"), EXITPROBE_CR_ACCESS);
	assert_non_null(c);
	assert_int_equal(c->exits, 0);
	assert_near(c->per_op.interval.est, 0, 0);
	assert_near(c->per_op.interval.lo, 0, 0);
	assert_near(c->per_op.interval.hi, 3 / (5 * 15 * 100.), 1e-9);
	assert_int_equal(c->verdict, ESTIMATE_PASS);
	/* 1/8 where at most 0.05 is expected. */
	c = estimate_class(workload(&e, "pagefault.anon"), EXITPROBE_NESTED_PAGE_FAULT);
	assert_int_equal(c->verdict, ESTIMATE_UNEXPECTED);
	assert_int_equal(report_unexpected(&r), 1);
	assert_int_equal(workload(&e, "pagefault.anon")->verdict, ESTIMATE_UNEXPECTED);
	/* Declares nothing: no verdict. */
	assert_int_equal(workload(&e, "null")->verdict, ESTIMATE_NO_VERDICT);
	assert_false(workload(&e, "io.pio")->counted);
	unload(&r, &e);
}

static void what_is_missing_stays_missing(void **state)
{
	const struct estimate_workload *w;
	struct estimate e;
	struct result r;

	(void)state;
	load(&r, &e, "time-only.json");
	w = workload(&e, "cpuid.leaf0");
	assert_false(w->counted);
	assert_int_equal(w->rows + w->classes, 0);
	assert_near(w->cycles.interval.est, 12000, 100);
	assert_false(e.has_background);
	unload(&r, &e);

	load(&r, &e, "incomplete.json");
	w = workload(&e, "cpuid.leaf0");
	assert_int_equal(w->blocks, 1);
	assert_int_equal(w->left_out, 1);
	assert_near(row(w, CPUID)->per_op.interval.est, 1, 0.01);
	assert_true(isnan(row(w, CPUID)->per_op.interval.lo));
	unload(&r, &e);
}

/* A run of one reason per class; sizes 100 to 800, 1,000 cycles per op. */
static struct result_workload *add(struct result *r, const char *name)
{
	struct result_workload *w = result_add_workload(r);

	w->name = strdup(name);
	w->op = strdup("op");
	return w;
}

static void add_block(struct result *r, struct result_workload *w, uint32_t repeat, size_t reason,
		      double per_op, double per_cycle)
{
	struct result_sample *s;
	uint64_t size;

	for (size = 1; size <= 8; size *= 2) {
		s = result_add_sample(r, w);
		s->repeat = repeat;
		s->ops = 100 * size;
		s->cycles = 100000 * size;
		s->exits[reason] =
			(uint64_t)(per_op * (double)s->ops + per_cycle * (double)s->cycles + 0.5);
	}
}

static void make(struct result *r)
{
	*r = (struct result){ .backend = EXITPROBE_LEAVES,
			      .vendor = EXITPROBE_SVM,
			      .paging = EXITPROBE_NESTED,
			      .complete = true,
			      .reasons = 2 };
	r->calibration.tsc_khz = 2e6;
	r->reason = calloc(2, sizeof(*r->reason));
	assert_non_null(r->reason);
	r->reason[0] = INTR;
	r->reason[1] = CPUID;
}

static void background_is_taken_out_block_by_block(void **state)
{
	struct result_workload *spin, *work;
	struct estimate e;
	struct result r;
	uint32_t i;

	(void)state;
	make(&r);
	add(&r, "spin");
	add(&r, "work");
	spin = &r.workload[0];
	work = &r.workload[1];
	/* The background grows from block to block: one rate for all would misjudge most of them.
	 */
	for (i = 0; i < 5; i++) {
		add_block(&r, spin, i, 0, 0, 1e-4 * (i + 1));
		add_block(&r, work, i, 0, 3, 1e-4 * (i + 1));
	}
	assert_int_equal(estimate_make(&e, &r), 0);
	assert_true(e.has_background);
	assert_near(row(workload(&e, "work"), INTR)->per_op.interval.lo, 3, 0.01);
	assert_near(row(workload(&e, "work"), INTR)->per_op.interval.hi, 3, 0.01);
	/* The control's own exits are not corrected. */
	assert_near(row(workload(&e, "spin"), INTR)->per_op.interval.est, 0.3, 0.01);
	assert_near(e.per_cycle[0], 3e-4, 1e-5);
	estimate_free(&e);

	free(spin->name);
	spin->name = strdup("other");
	assert_int_equal(estimate_make(&e, &r), 0);
	assert_false(e.has_background);
	assert_near(row(workload(&e, "work"), INTR)->per_op.interval.est, 3.3, 0.01);
	unload(&r, &e);
}

static void failed_and_uncounted_samples_do_not_count(void **state)
{
	struct result_workload *w;
	struct estimate e;
	struct result r;

	(void)state;
	make(&r);
	w = add(&r, "work");
	add_block(&r, w, 0, 1, 1, 0);
	add_block(&r, w, 1, 1, 1, 0);
	free(w->sample[0].exits);
	w->sample[0].exits = NULL;
	free(w->sample[7].exits);
	w->sample[7].exits = NULL;
	assert_int_equal(estimate_make(&e, &r), 0);
	assert_near(row(workload(&e, "work"), CPUID)->per_op.interval.est, 1, 1e-9);
	assert_int_equal(row(workload(&e, "work"), CPUID)->exits, 2 * 1500 - 100 - 800);
	assert_int_equal(workload(&e, "work")->cycles.interval.n, 2);
	estimate_free(&e);
	w->status = RESULT_FAILED;
	assert_int_equal(estimate_make(&e, &r), 0);
	assert_false(workload(&e, "work")->counted);
	assert_true(isnan(workload(&e, "work")->cycles.interval.est));
	unload(&r, &e);
}

static enum estimate_verdict judge(double low, double high, double est, double lo, double hi)
{
	const struct estimate_class c = { .low = low,
					  .high = high,
					  .per_op.interval = { .est = est, .lo = lo, .hi = hi } };

	return verdict_of(&c);
}

static void verdict_weighs_estimate_and_interval(void **state)
{
	(void)state;
	assert_int_equal(judge(1, 2, 1, 0, 9), ESTIMATE_PASS);
	assert_int_equal(judge(1, 2, 2, 0, 9), ESTIMATE_PASS);
	assert_int_equal(judge(1, 2, 2.01, 2, 2.1), ESTIMATE_UNCLEAR);
	assert_int_equal(judge(1, 2, 0.99, 0.9, 1), ESTIMATE_UNCLEAR);
	assert_int_equal(judge(1, 2, 2.1, 2.01, 2.2), ESTIMATE_UNEXPECTED);
	assert_int_equal(judge(1, 2, 0.9, 0.8, 0.99), ESTIMATE_UNEXPECTED);
	/* One block: no interval that could excuse it. */
	assert_int_equal(judge(1, 2, 2.1, NAN, NAN), ESTIMATE_UNEXPECTED);
	assert_int_equal(judge(1, 2, NAN, NAN, NAN), ESTIMATE_NO_VERDICT);
	assert_int_equal(judge(NAN, NAN, 1, 1, 1), ESTIMATE_NO_VERDICT);
	assert_int_equal(judge(20, INFINITY, 1e9, 1e9, 1e9), ESTIMATE_PASS);
}

static void band_has_room_around_zero_only(void **state)
{
	struct result_expectation x[] = { { EXITPROBE_CPUID, 0.995, 1.005, (char *)"why" },
					  { EXITPROBE_IO, 0, 0, (char *)"never" },
					  { EXITPROBE_MSR, 0, 0.001, (char *)"hardly" } };
	struct result_workload w = { .expectation = x, .expectations = 3 };
	static const struct {
		enum exitprobe_class exit_class;
		double low, high;
		bool declared;
	} expected[] = { { EXITPROBE_CPUID, 0.995, 1.005, true },
			 { EXITPROBE_IO, -0.05, 0.05, true },
			 { EXITPROBE_MSR, -0.05, 0.001, true },
			 { EXITPROBE_HLT, -0.05, 0.05, false } };
	struct estimate_class c;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		c = (struct estimate_class){ .exit_class = expected[i].exit_class };
		verdict_band(&c, &w, 0);
		assert_near(c.low, expected[i].low, 1e-12);
		assert_near(c.high, expected[i].high, 1e-12);
		assert_int_equal(c.declared, expected[i].declared);
	}
	/* Ticks that do not enter the kernel were subtracted all the same: only the lower bound
	 * moves. */
	x[0] = (struct result_expectation){ EXITPROBE_CR_ACCESS, 3.8, 4.2, (char *)"PTI" };
	c = (struct estimate_class){ .exit_class = EXITPROBE_CR_ACCESS };
	verdict_band(&c, &w, 1.4);
	assert_near(c.low, 2.4, 1e-12);
	assert_near(c.high, 4.2, 1e-12);
	x[0].low = x[0].high = 0;
	c = (struct estimate_class){ .exit_class = EXITPROBE_CR_ACCESS };
	verdict_band(&c, &w, 1.4);
	assert_near(c.low, -1.45, 1e-12);
	assert_near(c.high, 0.05, 1e-12);
	/* Only subtraction leads below 0; the upper bound stays, and so does a lower one that is
	 * not 0. */
	c = (struct estimate_class){ .exit_class = EXITPROBE_HLT };
	verdict_band(&c, &w, 1.4);
	assert_near(c.low, -1.45, 1e-12);
	assert_near(c.high, 0.05, 1e-12);
	x[0] = (struct result_expectation){ EXITPROBE_CPUID, 0.995, 1.005, (char *)"why" };
	c = (struct estimate_class){ .exit_class = EXITPROBE_CPUID };
	verdict_band(&c, &w, 1.4);
	assert_near(c.low, 0.995, 1e-12);
	assert_near(c.high, 1.005, 1e-12);
	w.expectations = 0;
	c = (struct estimate_class){ .exit_class = EXITPROBE_CPUID };
	verdict_band(&c, &w, 0);
	assert_true(isnan(c.low) && isnan(c.high));
}

struct heard {
	char text[4096];
};

static void hear(void *context, const char *text)
{
	struct heard *h = context;
	size_t length = strlen(h->text);

	assert_null(strchr(text, '\n'));
	snprintf(h->text + length, sizeof(h->text) - length, "%s\n", text);
}

static const char *warnings(const struct result *r, struct heard *h)
{
	struct estimate e;

	h->text[0] = 0;
	assert_int_equal(estimate_make(&e, r), 0);
	warnings_each(&e, hear, h);
	estimate_free(&e);
	return h->text;
}

static void contradictions_are_named(void **state)
{
	struct heard h;
	struct estimate e;
	struct result r;
	char text[512];

	(void)state;
	load(&r, &e, "shadow.json");
	assert_false(paging_contradiction(&r, text, sizeof(text)));
	assert_string_equal(warnings(&r, &h), "");
	r.paging = EXITPROBE_NESTED;
	assert_true(paging_contradiction(&r, text, sizeof(text)));
	assert_non_null(strstr(text, "says nested paging (leaf 0x4fffff01)"));
	assert_non_null(strstr(text, "look like shadow"));
	/* The hypervisor does not say: nothing to contradict. */
	r.paging = EXITPROBE_PAGING_UNKNOWN;
	assert_false(paging_contradiction(&r, text, sizeof(text)));
	unload(&r, &e);

	load(&r, &e, "mixed.json");
	assert_int_equal(e.fingerprint, EXITPROBE_LOOKS_MIXED);
	/* The file's own statement does not matter, its counters do. */
	r.fingerprint = EXITPROBE_LOOKS_NESTED;
	assert_non_null(strstr(warnings(&r, &h), "mixed paging modes: 350 exits"));
	unload(&r, &e);
	load(&r, &e, "time-only.json");
	assert_false(paging_contradiction(&r, text, sizeof(text)));
	unload(&r, &e);
}

static void warnings_say_what_to_do(void **state)
{
	struct result_workload *w;
	struct heard h;
	struct result r;
	uint32_t i;

	(void)state;
	make(&r);
	w = add(&r, "work");
	for (i = 0; i < 5; i++)
		add_block(&r, w, i, 1, 1, 0);
	r.repeat = 5;
	assert_non_null(strstr(warnings(&r, &h), "control 'spin'"));
	free(w->name);
	w->name = strdup("spin");
	assert_string_equal(warnings(&r, &h), "");
	r.calibration.brackets = 32;
	r.calibration.brackets_exact = 28;
	assert_non_null(strstr(warnings(&r, &h), "only 28 of 32 empty windows"));
	r.calibration.brackets_exact = 29;
	assert_string_equal(warnings(&r, &h), "");
	r.calibration.clock_exits = 1000;
	assert_non_null(strstr(warnings(&r, &h), "clocksource"));
	r.calibration.clock_exits = 3;
	r.complete = false;
	r.repeat = 9;
	assert_non_null(strstr(warnings(&r, &h), "5 of 9 repeats"));
	r.complete = true;
	w->samples = 12;
	assert_non_null(strstr(warnings(&r, &h), "3 repeats: the interval covers only 75 %"));
	w->samples = 20;
	w->sample[0].migrated = w->sample[1].migrated = true;
	assert_string_equal(warnings(&r, &h), "");
	w->sample[2].migrated = true;
	assert_non_null(
		strstr(warnings(&r, &h), "changed in 3 of 20 windows: choose one with --cpu"));
	for (i = 0; i < 20; i++) {
		w->sample[i].migrated = false;
		/* Past 400 operations half of the exits stay away. */
		if (w->sample[i].ops > 400)
			w->sample[i].exits[1] -= 200;
	}
	assert_non_null(strstr(warnings(&r, &h), "not grow in proportion"));
	result_free(&r);
}

static void emulators_are_recognised(void **state)
{
	static const struct {
		const char *value;
		bool emulator;
	} known[] = { { "qemu-tcg", true },
		      { "bochs", true },
		      { "Bochs 2.7", true },
		      { "kvm", false },
		      { "unknown", false } };
	struct result r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		make(&r);
		assert_null(estimate_emulator(&r));
		result_add_label(&r, "accelerator", "%s", known[i].value);
		assert_int_equal(estimate_emulator(&r) != NULL, known[i].emulator);
		result_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_truth_comes_out),
		cmocka_unit_test(nothing_seen_is_an_interval),
		cmocka_unit_test(what_is_missing_stays_missing),
		cmocka_unit_test(background_is_taken_out_block_by_block),
		cmocka_unit_test(failed_and_uncounted_samples_do_not_count),
		cmocka_unit_test(verdict_weighs_estimate_and_interval),
		cmocka_unit_test(band_has_room_around_zero_only),
		cmocka_unit_test(contradictions_are_named),
		cmocka_unit_test(warnings_say_what_to_do),
		cmocka_unit_test(emulators_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
