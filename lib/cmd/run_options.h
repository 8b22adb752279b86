/* SPDX-License-Identifier: MIT */
/* What the command line of `suite run` says. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <sched.h>
#include <stdio.h>

#include "catalog/catalog.h"
#include "run/run.h"

struct run_settings {
	struct options o;
	int cpus[CPU_SETSIZE];   /* what o.cpus points to */
	struct setting *setting; /* what o.setting points to */
	const char *output, *color, *progress;
	bool require_exits, strict, aa, *chosen;
	size_t count;
};

extern const char run_usage[];

/* Fill s and the facts of r. EXIT_DONE, or another exit status after one line on stderr. */
int run_parse(struct run_settings *s, struct result *r, int argc, char **argv);

/*
 * Compare the first half of the repeats of a complete run with the second, on `out`. EXIT_DONE when
 * they are equal, EXIT_FINDING when not.
 */
int run_aa(const struct result *r, FILE *out, bool colour);

#endif
