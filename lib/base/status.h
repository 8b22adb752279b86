/* SPDX-License-Identifier: MIT */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/* Exit statuses; docs/suite.1.scd. */
enum {
	EXIT_DONE = 0,
	EXIT_FINDING = 1,
	EXIT_USAGE = 2,
	EXIT_ENVIRONMENT = 3,
	EXIT_SKIPPED = 4,
	EXIT_FAILED = 5,
	EXIT_INTERRUPTED = 130,
	EXIT_HELPED = -1, /* the usage was asked for and printed: main() makes it EXIT_DONE */
};

#endif
