// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_open.h"

int fake_open(struct exitprobe *p, struct fake_kvm *k)
{
	const uint64_t before = k->calls;
	int err;

	memset(p, 0xa5, sizeof(*p));
	err = exitprobe_open(p, &k->source);
	assert_int_equal(p->open_cost, k->calls - before);
	assert_true(p->open_cost < 200);
	assert_true(strlen(p->why) < sizeof(p->why) - 1);
	assert_null(strchr(p->why, '\n'));
	if (err) {
		assert_int_equal(p->backend, EXITPROBE_NONE);
		assert_int_equal(exitprobe_slots(p), 0);
		assert_true(p->why[0] != '\0');
	} else {
		assert_int_equal(exitprobe_slots(p), FAKE_SLOTS);
		assert_string_equal(p->why, "");
	}
	return err;
}

void fake_not_there(struct fake_kvm *k, const char *say)
{
	struct exitprobe_snapshot s;
	struct exitprobe p;
	uint32_t buckets[64];

	assert_int_equal(fake_open(&p, k), -ENODEV);
	if (!strstr(p.why, say))
		fail_msg("'%s' does not say '%s'", p.why, say);
	assert_int_equal(exitprobe_snapshot(&p, 0, &s), -ENODEV);
	assert_int_equal(exitprobe_histogram(&p, 0, buckets), -ENODEV);
	assert_int_equal(exitprobe_code_slot(&p, 10), -ENOENT);
}

void fake_migration(struct fake_kvm *k)
{
	k->vcpu = fake_kvm_random(k) % k->vcpus;
}

const struct fake_machine fake_machines[] = {
	{ EXITPROBE_VMX, EXITPROBE_NONE },
	{ EXITPROBE_SVM, EXITPROBE_NONE },
	{ EXITPROBE_VMX, EXITPROBE_COURSE_A },
	{ EXITPROBE_SVM, EXITPROBE_COURSE_A },
	{ EXITPROBE_VMX, EXITPROBE_COURSE_B },
	{ EXITPROBE_SVM, EXITPROBE_COURSE_B },
	{ EXITPROBE_VMX, EXITPROBE_COURSE_C },
	{ EXITPROBE_SVM, EXITPROBE_COURSE_C },
	{ EXITPROBE_VENDOR_UNKNOWN, EXITPROBE_NONE },
};

void fake_machine_init(struct fake_kvm *k, const struct fake_machine *m)
{
	fake_kvm_init(k, m->vendor);
	k->extension = m->layout == EXITPROBE_NONE;
	if (!k->extension)
		k->course = m->layout;
}
