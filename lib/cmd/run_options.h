/* SPDX-License-Identifier: MIT */
/* What the command line of `suite run` says: its table alone has the length of a file. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <sched.h>

#include "cmd/cmd.h"
#include "run/progress.h"
#include "run/run.h"

struct run_settings {
	struct options o;
	int cpus[CPU_SETSIZE];   /* what o.cpus points to */
	struct setting *setting; /* what o.setting points to */
	struct result *result;   /* gets the labels */
	const char *output;
	enum colour_when color;
	enum progress_when progress;
	bool require_exits, strict, aa, *chosen;
};

extern const struct option_def run_options[];

/* Mark the workloads that the operands name, and the controls. Returns an exit status. */
int run_choose(const struct command *self, struct run_settings *s, int argc, char **argv);

#endif
