// SPDX-License-Identifier: MIT
/*
 * Does this machine count what it should? Loops of known length against the counters, and every
 * leaf of ours and of the hypervisor as Debian's cpuid(1) reads it against what the probe's own
 * instruction reads. TAP on stdout.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "exitprobe.h"
#include "selftest/reference.h"
#include "selftest/selftest.h"

struct selftest {
	FILE *out;
	struct exitprobe probe;
	struct reference reference;
	unsigned int tests, failed, skipped;
};

__attribute__((format(printf, 3, 4))) static void report(struct selftest *t, bool good,
							 const char *format, ...)
{
	va_list arguments;

	t->tests++;
	if (!good)
		t->failed++;
	fprintf(t->out, "%sok %u - ", good ? "" : "not ", t->tests);
	va_start(arguments, format);
	vfprintf(t->out, format, arguments);
	va_end(arguments);
	fputc('\n', t->out);
	fflush(t->out);
}

static void skip(struct selftest *t, const char *what, const char *why)
{
	t->tests++;
	t->skipped++;
	fprintf(t->out, "ok %u - %s # SKIP %s\n", t->tests, what, why);
}

/* Exits between two readings, of CPUID and of all reasons. */
struct window {
	struct exitprobe_snapshot before, after;
};

static int window_begin(const struct selftest *t, struct window *w)
{
	return exitprobe_snapshot(&t->probe, 0, &w->before);
}

/* CPUID exits since window_begin(), those of the readings left out; negative errno. */
static int64_t window_end(const struct selftest *t, struct window *w)
{
	struct exitprobe_snapshot between;
	int ret;

	ret = exitprobe_snapshot(&t->probe, 0, &w->after);
	if (!ret)
		ret = exitprobe_difference(&w->before, &w->after, &between);
	return ret ? ret : (int64_t)between.count[w->after.cpuid_slot];
}

static void test_loops(struct selftest *t)
{
	static const unsigned int lengths[] = { 0, 1, 10, 1000 };
	struct window w;
	uint32_t regs[4];
	unsigned int i, k;
	int64_t exits;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		if (window_begin(t, &w))
			return report(t, false, "the counters can be read");
		for (k = 0; k < lengths[i]; k++)
			instruction(0, 0, regs);
		exits = window_end(t, &w);
		report(t, exits == lengths[i], "%u CPUID instructions are %" PRId64 " exits",
		       lengths[i], exits);
	}
}

/* The total is read in an exit of its own, between two readings of all counters. */
static void test_total(struct selftest *t)
{
	uint64_t low = 0, high = 0, total;
	struct window w;
	uint32_t regs[4], i;

	if (window_begin(t, &w))
		return report(t, false, "the counters can be read");
	instruction(LEAF_COUNT, INDEX_TOTAL, regs);
	total = (uint64_t)regs[1] << 32 | regs[0];
	if (window_end(t, &w) < 0)
		return report(t, false, "the counters can be read");
	for (i = 0; i < exitprobe_slots(&t->probe); i++) {
		low += w.before.count[i];
		high += w.after.count[i];
	}
	report(t, low < total && total < high,
	       "the total is the sum over the reasons: %" PRIu64 " < %" PRIu64 " < %" PRIu64, low,
	       total, high);
}

static void test_histograms(struct selftest *t)
{
	static const char what[] = "each histogram holds every exit of its reason";
	const uint32_t in_flight = t->probe.vcpus ? t->probe.vcpus - 1 : 0;
	uint32_t buckets[64], wrong = 0, read = 0, i;
	struct window w;
	uint64_t sum, later;
	int n, k;

	if (!t->probe.histograms)
		return skip(t, what, "kvm.ko was loaded without exit_stats_hist=1");
	if (window_begin(t, &w))
		return report(t, false, "the counters can be read");
	for (i = 0; i < exitprobe_slots(&t->probe); i++) {
		/* An exit is in its bucket when the next entry has credited it: the reading's own
		 * not yet, nor one that another vCPU is in, HLT as long as it sleeps. */
		if (!w.before.count[i] || i == w.before.cpuid_slot)
			continue;
		n = exitprobe_histogram(&t->probe, i, buckets);
		for (sum = 0, k = 0; k < n; k++)
			sum += buckets[k];
		read++;
		if (exitprobe_count(&t->probe, i, &later) || sum + in_flight < w.before.count[i] ||
		    sum > later)
			wrong++;
	}
	report(t, !wrong && read, "%s: %" PRIu32 " of %" PRIu32, what, read - wrong, read);
}

/* Leaves whose answer never changes while a VM runs. */
static void test_constant_leaves(struct selftest *t)
{
	static const struct {
		uint32_t leaf;
		const char *what;
	} leaves[] = {
		{ 0x40000000, "hypervisor, signature" }, { 0x40000001, "hypervisor, features" },
		{ 0x4fffff00, "counters, signature" },   { 0x4fffff01, "counters, features" },
		{ 0x4fffff05, "counters, instance" },    { 0x4fffffee, "counters, unassigned" },
	};
	uint32_t own[4], theirs[4];
	unsigned int i;
	int ret;

	for (i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		if (leaves[i].leaf >= LEAF_FIRST && t->probe.backend != EXITPROBE_LEAVES) {
			skip(t, leaves[i].what, "no counters here");
			continue;
		}
		instruction(leaves[i].leaf, 0, own);
		ret = reference_read(&t->reference, leaves[i].leaf, 0, theirs);
		report(t, !ret && !memcmp(own, theirs, sizeof(own)),
		       "cpuid(1) reads leaf 0x%08" PRIx32 " (%s) as we do%s%s", leaves[i].leaf,
		       leaves[i].what, ret ? ": " : "", ret ? strerror(-ret) : "");
	}
}

/*
 * cpuid(1) executes many CPUIDs besides the one that was asked for, always the same number: the
 * count of CPUID that it shows is ours before, plus those up to its own reading.
 */
static void test_own_count(struct selftest *t, uint32_t leaf, uint32_t index, const char *what)
{
	int64_t at[3], of[3];
	uint32_t regs[4];
	struct window w;
	unsigned int i;
	bool good = true;

	for (i = 0; i < 3; i++) {
		if (window_begin(t, &w) || reference_read(&t->reference, leaf, index, regs))
			return report(t, false, "%s: cpuid(1) reads it", what);
		of[i] = window_end(t, &w);
		at[i] = (int64_t)(regs[0] - (uint32_t)w.before.count[w.before.cpuid_slot]);
		good = good && at[i] > 0 && at[i] <= of[i] && at[i] == at[0] && of[i] == of[0];
	}
	report(t, good,
	       "%s: cpuid(1) shows it at CPUID %" PRId64 " of its %" PRId64
	       ", three times the same",
	       what, at[0], of[0]);
}

/* Every reason that has occurred, as cpuid(1) shows it, between our readings before and after. */
static void test_counts(struct selftest *t)
{
	uint32_t regs[4], i, read = 0, wrong = 0, still = 0;
	struct window w;
	uint64_t seen;

	for (i = 0; i < exitprobe_slots(&t->probe); i++) {
		if (window_begin(t, &w))
			return report(t, false, "the counters can be read");
		if (!w.before.count[i] || i == w.before.cpuid_slot)
			continue;
		if (reference_read(&t->reference, LEAF_COUNT, i, regs) || window_end(t, &w) < 0)
			return report(t, false, "cpuid(1) reads slot %" PRIu32, i);
		read++;
		seen = (uint64_t)regs[1] << 32 | regs[0];
		if (seen < w.before.count[i] || seen > w.after.count[i])
			wrong++;
		if (w.before.count[i] == w.after.count[i])
			still++;
	}
	report(t, !wrong && read,
	       "cpuid(1) shows the count of each other reason as we do: %" PRIu32 " of %" PRIu32
	       ", %" PRIu32 " of them stood still",
	       read - wrong, read, still);
}

static void test_reference(struct selftest *t)
{
	const uint32_t slot = exitprobe_cpuid_slot(&t->probe);

	test_constant_leaves(t);
	if (t->probe.backend != EXITPROBE_LEAVES)
		return;
	test_own_count(t, LEAF_COUNT, slot, "leaf 0x4fffff02, CPUID");
	if (t->probe.course_layout != EXITPROBE_NONE)
		test_own_count(t, reference_course_leaf(t->probe.course_layout),
			       exitprobe_slot_code(&t->probe, slot), "course leaf, CPUID");
	test_counts(t);
}

/*
 * Where leaves and exit pages are both there, they count the same exits: those of CPUID exactly, as
 * nothing else here causes them; of the others, which may come between two readings, no fewer.
 */
static void test_page(struct selftest *t)
{
	struct exitprobe_snapshot leaf[2], page[2];
	const uint32_t own = exitprobe_cpuid_slot(&t->probe);
	uint32_t i, slots = exitprobe_slots(&t->probe), wrong = 0;
	struct exitprobe p;
	uint32_t regs[4];
	int ret;

	if (exitprobe_open_page(&p))
		return;
	ret = exitprobe_snapshot(&p, 0, &page[0]);
	ret = ret ? ret : exitprobe_snapshot(&t->probe, 0, &leaf[0]);
	for (i = 0; i < 100; i++)
		instruction(0, 0, regs);
	ret = ret ? ret : exitprobe_snapshot(&t->probe, 0, &leaf[1]);
	ret = ret ? ret : exitprobe_snapshot(&p, 0, &page[1]);
	exitprobe_close(&p);
	if (ret)
		return report(t, false, "leaves and exit page can both be read: %s",
			      strerror(-ret));
	for (i = 0; i < slots; i++)
		if (i != own &&
		    page[1].count[i] - page[0].count[i] < leaf[1].count[i] - leaf[0].count[i])
			wrong++;
	report(t, !wrong, "the exit page has no fewer exits of each reason than the leaves");
	report(t,
	       page[1].count[own] - page[0].count[own] ==
		       leaf[1].count[own] - leaf[0].count[own] + leaf[0].cost,
	       "the exit page has the same CPUID exits as the leaves: %" PRIu64 " and %" PRIu64,
	       page[1].count[own] - page[0].count[own] - leaf[0].cost,
	       leaf[1].count[own] - leaf[0].count[own]);
}

enum selftest_verdict selftest(const char *program, FILE *out)
{
	struct selftest t = { .out = out };
	char why[512];

	fputs("TAP version 13\n", out);
	if (exitprobe_open(&t.probe, NULL)) {
		skip(&t, "exit counters", t.probe.why);
	} else {
		fprintf(out, "# %s, %s paging, %s\n", exitprobe_vendor_name(t.probe.vendor),
			exitprobe_paging_name(t.probe.paging),
			exitprobe_backend_name(t.probe.backend));
		test_loops(&t);
		if (t.probe.backend == EXITPROBE_LEAVES) {
			test_total(&t);
			test_histograms(&t);
			test_page(&t);
		}
	}
	if (reference_open(&t.reference, program, why, sizeof(why)))
		skip(&t, "cpuid(1)", why);
	else
		test_reference(&t);
	fprintf(out, "1..%u\n", t.tests);
	if (t.failed)
		return SELFTEST_FAILED;
	return t.skipped == t.tests ? SELFTEST_SKIPPED : SELFTEST_PASSED;
}
