// SPDX-License-Identifier: MIT
// Description: every workload's verify() accepts what run() did, and refuses one operation too few,
// none at all, and - where the kernel accounts for the work - none behind a count that is right.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "catalog/catalog.h"
#include "kit/verify.h"
#include "run/sample.h"
#include "run/window.h"
#include "workload.h"

#define OPS 8 /* the maximum of the most limited workload */
#define TIMEOUT 60

/* The workload being mutated; run() has no context argument for it. */
static const struct workload *original;

static int one_too_few(struct bench *r, uint64_t n)
{
	return original->run(r, n - 1);
}

/* What remains if a compiler removes the loop. */
static int nothing(struct bench *r, uint64_t n)
{
	(void)r;
	(void)n;
	return 0;
}

/* What remains if it removes the loop's body. */
static int only_counted(struct bench *r, uint64_t n)
{
	r->done = n;
	return 0;
}

static int sample(const struct bench *r, int (*mutant)(struct bench *r, uint64_t n), char *why)
{
	struct workload w = *r->workload;
	struct result_sample s = { 0 };
	struct window win = { 0 };
	struct bench run = *r;
	int ret;

	if (mutant)
		w.run = mutant;
	original = r->workload;
	run.workload = &w;
	ret = sample_run(&win, &run, &s, TIMEOUT);
	strcpy(why, run.why);
	free(run.command);
	free(run.output);
	if (!ret && w.account && s.ops != (mutant ? OPS - 1 : OPS))
		return -EDOM;
	return ret;
}

/* Number of complaints. */
static int check(const struct bench *r, const char *name,
		 int (*mutant)(struct bench *r, uint64_t n), int expected)
{
	char why[sizeof(r->why)];
	int ret = sample(r, mutant, why);

	if (ret == expected)
		return 0;
	print_error("%s, %s: %d (%s), expected %d\n", r->workload->name, name, ret, why, expected);
	return 1;
}

/* A loop device on a file, if we may make one: workloads with a disk need a block device. */
static char disk[64];

static void make_disk(void)
{
	static const char command[] = "f=$(mktemp) && truncate -s 16M \"$f\" && "
				      "losetup -f --show \"$f\"; rm -f \"$f\"";
	FILE *f = geteuid() ? NULL : popen(command, "re");

	if (!f)
		return;
	if (fgets(disk, sizeof(disk), f))
		disk[strcspn(disk, "\n")] = 0;
	pclose(f);
}

static void remove_disk(void)
{
	char command[128];

	snprintf(command, sizeof(command), "losetup -d '%s'", disk);
	if (*disk && system(command))
		print_error("%s stays behind\n", disk);
}

static int check_workload(const struct workload *w)
{
	int64_t value[PARAMETERS_MAX];
	struct bench r = { .workload = w,
			   .ops = OPS,
			   .value = value,
			   .cpus = (int)sysconf(_SC_NPROCESSORS_ONLN),
			   .disk = *disk ? disk : NULL,
			   .kernel_entries = w->kernel_entries,
			   .flushes = w->flushes,
			   .max_ops = w->max_ops };
	const char *reason;
	int bad;

	workload_defaults(w, value);
	reason = workload_unsupported(w, &r);
	if (reason) {
		print_message("%s: not here: %s\n", w->name, reason);
		return 0;
	}
	if (!w->verify && !w->account) {
		print_error("%s has no verify()\n", w->name);
		return 1;
	}
	bad = check(&r, "as it is", NULL, 0);
	/* An external program may report one operation less; then the sample has one less. */
	bad += check(&r, "n - 1 operations", one_too_few, w->account ? 0 : -ERANGE);
	bad += check(&r, "no operation", nothing, -ERANGE);
	if (w->verify != workload_verify_count)
		bad += check(&r, "no operation but n counted", only_counted, -ERANGE);
	return bad;
}

static void every_mutant_is_caught(void **state)
{
	const struct workload *const *list;
	size_t n = registry_all(&list), i;
	int bad = 0;

	(void)state;
	assert_true(n >= 10);
	for (i = 0; i < n; i++)
		bad += check_workload(list[i]);
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_mutant_is_caught) };
	int failed;

	make_disk();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	remove_disk();
	return failed;
}
