/* SPDX-License-Identifier: MIT */
/* Proves the counters of this machine from inside, with cpuid(1) as an independent reader. */
#ifndef SELFTEST_H
#define SELFTEST_H

#include <stdio.h>

enum selftest_verdict {
	SELFTEST_PASSED,
	SELFTEST_FAILED,
	SELFTEST_SKIPPED, /* nothing could be tested */
};

/* TAP on `out`. program: cpuid(1), looked for in PATH. */
enum selftest_verdict selftest(const char *program, FILE *out);

#endif
