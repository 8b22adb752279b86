// SPDX-License-Identifier: MIT
// Description: what a workload declares becomes the band of this vendor, paging mode, mechanism and
// PTI.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/catalog.h"
#include "expect.h"
#include "workload.h"

static struct result machine(enum exitprobe_vendor vendor, enum exitprobe_paging paging,
			     const char *pti)
{
	struct result r = { .backend = EXITPROBE_LEAVES, .vendor = vendor, .paging = paging };

	assert_int_equal(result_add_label(&r, "pti", "%s", pti), 0);
	/* As on the laboratories' processors: Haswell has it, the emulated AMD's kernel does not
	 * use it. */
	assert_int_equal(result_add_label(&r, "invpcid", vendor == VMX ? "on" : "off"), 0);
	return r;
}

static const struct result_expectation *band(const struct result_workload *w,
					     enum exitprobe_class exit_class)
{
	const struct result_expectation *found = NULL;
	size_t i;

	for (i = 0; i < w->expectations; i++) {
		if (w->expectation[i].exit_class != exit_class)
			continue;
		assert_null(found); /* one line per class */
		found = &w->expectation[i];
	}
	return found;
}

static struct result_workload *resolve(struct result *r, const struct workload *w,
				       const char *mechanism)
{
	int64_t value[PARAMETERS_MAX] = { 0 };
	struct bench run = { .workload = w,
			     .value = value,
			     .kernel_entries = w->kernel_entries,
			     .flushes = w->flushes,
			     .mechanism = mechanism };
	struct result_workload *out = result_add_workload(r);

	assert_non_null(out);
	workload_defaults(w, value);
	assert_int_equal(expectation_resolve(out, &run, r), 0);
	return out;
}

static void check(const char *name, enum exitprobe_vendor vendor, enum exitprobe_paging paging,
		  const char *pti, const char *mechanism, enum exitprobe_class exit_class,
		  double value)
{
	struct result r = machine(vendor, paging, pti);
	const struct result_expectation *e =
		band(resolve(&r, registry_find(name), mechanism), exit_class);

	assert_non_null(e);
	if (!(e->low <= value && value <= e->high))
		fail_msg("%s: %g is not in %g..%g", name, value, e->low, e->high);
	result_free(&r);
}

static void measured_values(void **state)
{
	(void)state;
	/* AMD laboratory, PTI off. */
	check("cr3.pipe", SVM, NESTED, "off", NULL, CR_ACCESS, 0);
	check("cr3.pipe", SVM, SHADOW, "off", NULL, CR_ACCESS, 2);
	check("syscall", SVM, SHADOW, "off", NULL, CR_ACCESS, 0);
	check("pagefault.anon", SVM, SHADOW, "off", NULL, PAGE_FAULT, 2.003);
	check("fork.exit", SVM, SHADOW, "off", NULL, INVLPG, 2);
	check("fork.exit", SVM, SHADOW, "off", NULL, PAGE_FAULT, 42);
	check("cpuid.sweep", SVM, NESTED, "off", NULL, CPUID, 1);
	check("ud2", SVM, NESTED, "off", NULL, EXCEPTION, 1);
	check("ud2", SVM, SHADOW, "off", NULL, EXCEPTION, 1);
	check("hypercall", SVM, SHADOW, "off", "VMMCALL", EXITPROBE_HYPERCALL, 1);
	check("pause", SVM, SHADOW, "off", NULL, EXITPROBE_PAUSE, 0);
	check("pagefault.cow", SVM, SHADOW, "off", NULL, PAGE_FAULT, 2.002);
	check("pagefault.cow", SVM, SHADOW, "off", NULL, INVLPG, 1);
	check("madvise.single", SVM, SHADOW, "off", NULL, PAGE_FAULT, 2);
	check("madvise.single", SVM, SHADOW, "off", NULL, INVLPG, 1);
	check("mprotect.toggle", SVM, SHADOW, "off", NULL, INVLPG, 2);
	check("munmap", SVM, SHADOW, "off", NULL, PAGE_FAULT, 2.005);
	check("vfork", SVM, SHADOW, "off", NULL, CR_ACCESS, 0);
	check("clone.thread", SVM, SHADOW, "off", NULL, CR_ACCESS, 0);
	check("io.blk.read", SVM, NESTED, "off", NULL, NESTED_PAGE_FAULT, 1);
	check("io.blk.write", SVM, SHADOW, "off", NULL, PAGE_FAULT, 1);
	check("io.fsync", SVM, SHADOW, "off", NULL, PAGE_FAULT, 2);
	check("io.uring", SVM, NESTED, "off", NULL, NESTED_PAGE_FAULT, 0.0625);
	check("io.serial", SVM, NESTED, "off", NULL, IO, 1.192);
	check("timer.sleep", SVM, SHADOW, "off", NULL, HLT, 1.146);
	/* Intel laboratory, PTI on: method.md's table. */
	check("syscall", VMX, SHADOW, "on", NULL, CR_ACCESS, 4.08);
	check("syscall", VMX, NESTED, "on", NULL, CR_ACCESS, 0);
	check("cr3.pipe", VMX, SHADOW, "on", NULL, CR_ACCESS, 18.11);
	check("cr3.thread", VMX, SHADOW, "on", NULL, CR_ACCESS, 16.16);
	check("pagefault.anon", VMX, SHADOW, "on", NULL, EXCEPTION, 2.018);
	check("pagefault.anon", VMX, SHADOW, "on", NULL, CR_ACCESS, 4.12);
	check("ud2", VMX, SHADOW, "on", NULL, EXCEPTION, 1);
	check("ud2", VMX, SHADOW, "on", NULL, CR_ACCESS, 8.09);
	check("hypercall", VMX, SHADOW, "on", "VMCALL", EXITPROBE_HYPERCALL, 1);
	check("hypercall", VMX, SHADOW, "on", "VMCALL", CR_ACCESS, 0);
	check("pause", VMX, SHADOW, "on", NULL, EXITPROBE_PAUSE, 0);
	check("pagefault.cow", VMX, SHADOW, "on", NULL, EXCEPTION, 1.996);
	check("fork.exit", VMX, SHADOW, "on", NULL, CR_ACCESS, 33);
	check("fork.exec", VMX, SHADOW, "on", NULL, CR_ACCESS, 42);
	check("pagefault.cold", VMX, NESTED, "on", NULL, NESTED_PAGE_FAULT, 0.143);
	check("pagefault.cow", VMX, SHADOW, "on", NULL, INVLPG, 2);
	check("pagefault.cow", VMX, SHADOW, "on", NULL, CR_ACCESS, 4.07);
	check("madvise.single", VMX, SHADOW, "on", NULL, EXCEPTION, 2.001);
	check("madvise.single", VMX, SHADOW, "on", NULL, INVLPG, 2);
	check("madvise.single", VMX, SHADOW, "on", NULL, CR_ACCESS, 8.09);
	check("mprotect.toggle", VMX, SHADOW, "on", NULL, INVLPG, 4);
	check("mprotect.toggle", VMX, SHADOW, "on", NULL, CR_ACCESS, 8.09);
	check("pagefault.cow", VMX, SHADOW, "off", NULL, INVLPG, 1);
	check("io.blk.read", VMX, SHADOW, "on", NULL, EXCEPTION, 1);
	check("io.blk.read", VMX, SHADOW, "on", NULL, CR_ACCESS, 4);
	check("io.fsync", VMX, SHADOW, "on", NULL, CR_ACCESS, 8);
	check("net.virtio", VMX, SHADOW, "on", NULL, CR_ACCESS, 8);
	check("net.loopback", VMX, SHADOW, "on", NULL, CR_ACCESS, 8);
	check("timer.busy", VMX, SHADOW, "on", NULL, CR_ACCESS, 13.07);
}

static void mechanism_decides(void **state)
{
	(void)state;
	check("io.pio", SVM, NESTED, "off", "port 0x80", IO, 1);
	check("io.pio", SVM, NESTED, "off", "pci configuration read", IO, 2);
}

/* Faults on every n-th page: the first one in a leaf table costs one more exit. */
static void parameters_decide(void **state)
{
	static const struct {
		int64_t stride;
		double exits;
	} law[] = { { 1, 2.003 }, { 64, 2.127 }, { 512, 3 }, { 1024, 3 } };
	const struct workload *w = registry_find("pagefault.anon");
	struct result r = machine(SVM, SHADOW, "off");
	const struct result_expectation *e;
	struct result_workload *out;
	int64_t value[PARAMETERS_MAX];
	struct bench run = { .workload = w, .value = value };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(law) / sizeof(*law); i++) {
		workload_defaults(w, value);
		assert_string_equal(w->parameter[1].name, "stride");
		value[1] = law[i].stride;
		out = result_add_workload(&r);
		assert_int_equal(expectation_resolve(out, &run, &r), 0);
		e = band(out, PAGE_FAULT);
		assert_true(e->low <= law[i].exits && law[i].exits <= e->high);
		assert_true(e->high - e->low < 0.05);
	}
	result_free(&r);
}

static void bands_are_narrow(void **state)
{
	struct result r = machine(SVM, SHADOW, "off");
	const struct result_expectation *e;

	(void)state;
	e = band(resolve(&r, registry_find("cpuid.leaf0"), NULL), CPUID);
	assert_true(e->high - e->low <= 0.011);
	e = band(resolve(&r, registry_find("cr3.pipe"), NULL), CR_ACCESS);
	assert_true(e->low >= 1.9 && e->high <= 2.2);
	result_free(&r);
}

/* With lines for a kernel with PTI and for one without, the one that applies; both if PTI is not
 * known. */
static void pti_decides(void **state)
{
	struct result r = machine(VMX, SHADOW, "on");
	const struct result_expectation *e;

	(void)state;
	e = band(resolve(&r, registry_find("ipi.membarrier"), NULL), MSR);
	assert_true(e->low > 1.9 && e->high < 2.2);
	e = band(resolve(&r, registry_find("cr3.dirty4"), NULL), EXCEPTION);
	assert_true(e->low > 11.7 && e->high < 12.3);
	result_free(&r);
	r = machine(VMX, SHADOW, "off");
	e = band(resolve(&r, registry_find("ipi.membarrier"), NULL), MSR);
	assert_true(e->low > 0.9 && e->high < 1.2);
	e = band(resolve(&r, registry_find("cr3.dirty4"), NULL), EXCEPTION);
	assert_true(e->low > 7.7 && e->high < 8.3);
	result_free(&r);
	r = machine(VMX, SHADOW, "unknown");
	e = band(resolve(&r, registry_find("ipi.membarrier"), NULL), MSR);
	assert_true(e->low < 1 && e->high > 2);
	result_free(&r);
}

/* Unknown PTI must not turn into a claim. */
static void unknown_pti_allows_both(void **state)
{
	(void)state;
	check("cr3.pipe", VMX, SHADOW, "unknown", NULL, CR_ACCESS, 2);
	check("cr3.pipe", VMX, SHADOW, "unknown", NULL, CR_ACCESS, 18);
	check("madvise.single", VMX, SHADOW, "unknown", NULL, INVLPG, 1);
	check("madvise.single", VMX, SHADOW, "unknown", NULL, INVLPG, 2);
}

/* Two lines that may both apply give the union of their bands, whatever their class and order. */
static void two_lines_make_one_band(void **state)
{
	static const enum exitprobe_class class_of[] = { CR_ACCESS, INVLPG, MSR };
	struct result r = machine(SVM, SHADOW, "unknown");
	const struct result_expectation *e;
	size_t i, order;

	(void)state;
	for (i = 0; i < sizeof(class_of) / sizeof(*class_of); i++)
		for (order = 0; order < 2; order++) {
			const struct expectation with = {
				SHADOW, class_of[i], 5, 6, .pti = "on", .source = "with PTI"
			};
			const struct expectation without = { SHADOW,       class_of[i],        1, 2,
							     .pti = "off", .source = "without" };
			const struct expectation lines[] = { order ? with : without,
							     order ? without : with,
							     { .source = NULL } };
			const struct workload w = { .name = "test", .expect = lines };

			e = band(resolve(&r, &w, NULL), class_of[i]);
			assert_non_null(e);
			if (e->low != 1 || e->high != 6)
				fail_msg("%s: %g..%g", exitprobe_class_name(class_of[i]), e->low,
					 e->high);
		}
	result_free(&r);
}

static void flushes_are_narrow(void **state)
{
	struct result r = machine(VMX, SHADOW, "on");
	const struct result_expectation *e;

	(void)state;
	e = band(resolve(&r, registry_find("mprotect.toggle"), NULL), INVLPG);
	assert_non_null(e);
	assert_true(e->low >= 3.9 && e->high <= 4.1);
	assert_non_null(strstr(e->source, "INVPCID"));
	result_free(&r);

	/* None of them with nested paging: a class without a line is expected to stay 0. */
	r = machine(VMX, NESTED, "on");
	assert_null(band(resolve(&r, registry_find("mprotect.toggle"), NULL), INVLPG));
	result_free(&r);
}

/* A band stated per unit of a parameter: a switch for each process of the ring. */
static void parameters_scale(void **state)
{
	(void)state;
	check("cr3.ring4", SVM, SHADOW, "off", NULL, CR_ACCESS, 4);
	check("cr3.ring16", SVM, SHADOW, "off", NULL, CR_ACCESS, 16);
}

/* Bands whose counts are decided by something other than the operation. */
static bool is_chance(const char *name, enum exitprobe_class exit_class)
{
	static const struct {
		const char *family;
		enum exitprobe_class exit_class;
		const char *why;
	} chance[] = {
		{ "fork.rss", PAGE_FAULT, "one exit of a few forks" },
		{ "fork.rss", EXCEPTION, "the same" },
		{ "fork.rss", CR_ACCESS, "ticks" },
		{ "ipi.futex", CR_ACCESS, "who has to wait" },
		{ "net.virtio", NESTED_PAGE_FAULT, "whether the device is at work already" },
		{ "net.virtio", EXITPROBE_MMIO, "the same" },
		{ "net.virtio", PAGE_FAULT, "the same" },
		{ "net.virtio", EXCEPTION, "the same" },
		{ "pagefault.cold", NESTED_PAGE_FAULT, "whether the host's pages are huge" },
		{ "pagefault.hugetlb", NESTED_PAGE_FAULT, "the same" },
		{ "pagefault.thp", NESTED_PAGE_FAULT, "the same" },
		{ "timer.busy", CR_ACCESS, "ticks" },
	};
	size_t i;

	/* These come with time and the scheduler. */
	if (exit_class == MSR || exit_class == HLT || exit_class == INTERRUPT ||
	    exit_class == EXITPROBE_INTERRUPT_WINDOW)
		return true;
	for (i = 0; i < sizeof(chance) / sizeof(*chance); i++)
		if (exit_class == chance[i].exit_class &&
		    !strncmp(name, chance[i].family, strlen(chance[i].family)))
			return true;
	return false;
}

static void all_narrow(enum exitprobe_vendor vendor, enum exitprobe_paging paging)
{
	struct result r = machine(vendor, paging, vendor == VMX ? "on" : "off");
	const struct workload *const *all;
	const struct result_workload *w;
	const struct result_expectation *e;
	size_t i, j, n = registry_all(&all);

	for (i = 0; i < n; i++) {
		w = resolve(&r, all[i], NULL);
		for (j = 0; j < w->expectations; j++) {
			e = &w->expectation[j];
			if (!is_chance(all[i]->name, e->exit_class) &&
			    (e->low > 0 ? e->high > 1.1 / 0.9 * e->low : e->high > 0.2))
				fail_msg("%s, class %d: %g..%g", all[i]->name, e->exit_class,
					 e->low, e->high);
		}
	}
	result_free(&r);
}

/* A mechanism's count is known to 10 %, or it is absent. */
static void mechanisms_are_narrow(void **state)
{
	(void)state;
	all_narrow(SVM, NESTED);
	all_narrow(SVM, SHADOW);
	all_narrow(VMX, NESTED);
	all_narrow(VMX, SHADOW);
}

static void nothing_without_mode(void **state)
{
	struct result r = machine(SVM, EXITPROBE_PAGING_UNKNOWN, "off");

	(void)state;
	assert_int_equal(resolve(&r, registry_find("cr3.pipe"), NULL)->expectations, 0);
	result_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measured_values),
		cmocka_unit_test(mechanism_decides),
		cmocka_unit_test(parameters_decide),
		cmocka_unit_test(bands_are_narrow),
		cmocka_unit_test(pti_decides),
		cmocka_unit_test(unknown_pti_allows_both),
		cmocka_unit_test(flushes_are_narrow),
		cmocka_unit_test(nothing_without_mode),
		cmocka_unit_test(parameters_scale),
		cmocka_unit_test(mechanisms_are_narrow),
		cmocka_unit_test(two_lines_make_one_band),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
