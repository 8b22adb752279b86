// SPDX-License-Identifier: MIT
// Description: two equal halves of a run compare as equal; a change between them is a finding, but
// not one in an emulator's time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compare/halves.h"

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
			/* A little that differs in each repeat. */
			s->cycles = (uint64_t)size * change.cycles[half] + repeat * size / 100;
			s->exits[0] = (uint64_t)size * change.exits[half] + repeat % 3;
		}
	}
}

/* Do the halves differ? */
static bool differ(const char *accelerator, struct change change)
{
	struct result r = { .backend = EXITPROBE_LEAVES,
			    .vendor = EXITPROBE_SVM,
			    .paging = EXITPROBE_NESTED,
			    .complete = true,
			    .repeat = REPEATS,
			    .reasons = 1 };
	struct halves h;
	bool found;

	r.reason = calloc(1, sizeof(*r.reason));
	assert_non_null(r.reason);
	r.reason[0] = 0x7b; /* SVM_EXIT_IOIO */
	r.calibration.tsc_khz = 1e6;
	assert_int_equal(result_add_label(&r, "accelerator", "%s", accelerator), 0);
	add_workload(&r, "spin", (struct change){ { 0, 0 }, { 1000, 1000 } });
	add_workload(&r, "w", change);
	assert_int_equal(halves_compare(&h, &r), 0);
	assert_true(h.tested > 0);
	found = h.differ > 0;
	assert_true(found == (h.first_differing != NULL));
	halves_free(&h);
	result_free(&r);
	return found;
}

static void equal(void **state)
{
	(void)state;
	assert_false(differ("kvm", (struct change){ { 2, 2 }, { 500, 500 } }));
}

static void other_exits(void **state)
{
	(void)state;
	assert_true(differ("kvm", (struct change){ { 2, 3 }, { 500, 500 } }));
	assert_true(differ("qemu-tcg", (struct change){ { 2, 3 }, { 500, 500 } }));
}

static void other_times(void **state)
{
	(void)state;
	assert_true(differ("kvm", (struct change){ { 2, 2 }, { 500, 600 } }));
	assert_false(differ("qemu-tcg", (struct change){ { 2, 2 }, { 500, 600 } }));
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
