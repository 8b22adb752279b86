// SPDX-License-Identifier: MIT
// Description: two equal halves of a run compare as equal; a change between them is a finding, but
// not one in an emulator's time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/cmd.h"
#include "cmd/run_options.h"

#define REPEATS 10 /* five on each side */

/* Exits and cycles of one operation, before and after the middle. */
struct change {
	unsigned int exits[2], cycles[2];
};

static void add_workload(struct result *r, const char *name, struct change change)
{
	struct result_workload *w = result_add_workload(r);
	struct result_sample *s;
	unsigned int repeat, size, half;

	assert_non_null(w);
	w->name = strdup(name);
	w->op = strdup("op");
	for (repeat = 0; repeat < REPEATS; repeat++) {
		half = repeat >= REPEATS / 2;
		for (size = 100; size <= 800; size *= 2) {
			s = result_add_sample(r, w);
			assert_non_null(s);
			s->repeat = repeat;
			s->ops = size;
			/* A little that is different in each repeat. */
			s->cycles = (uint64_t)size * change.cycles[half] + repeat * size / 100;
			s->exits[0] = (uint64_t)size * change.exits[half] + repeat % 3;
		}
	}
}

static int verdict(const char *accelerator, struct change change)
{
	FILE *out = fopen("/dev/null", "w");
	struct result r = { .backend = EXITPROBE_LEAVES,
			    .vendor = EXITPROBE_SVM,
			    .paging = EXITPROBE_NESTED,
			    .complete = true,
			    .repeat = REPEATS,
			    .reasons = 1 };
	int status;

	assert_non_null(out);
	r.reason = calloc(1, sizeof(*r.reason));
	assert_non_null(r.reason);
	r.reason[0] = 0x7b; /* SVM_EXIT_IOIO */
	r.calibration.tsc_khz = 1e6;
	assert_int_equal(result_add_label(&r, "accelerator", "%s", accelerator), 0);
	add_workload(&r, "spin", (struct change){ { 0, 0 }, { 1000, 1000 } });
	add_workload(&r, "w", change);
	status = run_aa(&r, out, false);
	fclose(out);
	result_free(&r);
	return status;
}

static void equal(void **state)
{
	(void)state;
	assert_int_equal(verdict("kvm", (struct change){ { 2, 2 }, { 500, 500 } }), EXIT_DONE);
}

static void other_exits(void **state)
{
	(void)state;
	assert_int_equal(verdict("kvm", (struct change){ { 2, 3 }, { 500, 500 } }), EXIT_FINDING);
	assert_int_equal(verdict("qemu-tcg", (struct change){ { 2, 3 }, { 500, 500 } }),
			 EXIT_FINDING);
}

static void other_times(void **state)
{
	(void)state;
	assert_int_equal(verdict("kvm", (struct change){ { 2, 2 }, { 500, 600 } }), EXIT_FINDING);
	assert_int_equal(verdict("qemu-tcg", (struct change){ { 2, 2 }, { 500, 600 } }), EXIT_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal),
		cmocka_unit_test(other_exits),
		cmocka_unit_test(other_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
