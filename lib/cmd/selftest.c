// SPDX-License-Identifier: MIT
#include "selftest/selftest.h"

#include "cmd/cmd.h"

struct settings {
	const char *program;
};

static const struct option_def options[] = {
	{ "cpuid", .type = OPTION_TEXT, .metavar = "PROGRAM",
	  .help = "the reference (default cpuid, from Debian's package of that name)",
	  OPTION_AT(struct settings, program), .values = ":commands" },
	{ .name = NULL },
};

static int run(const struct command *self, int argc, char **argv)
{
	static const int status_of[] = { [SELFTEST_PASSED] = EXIT_DONE,
					 [SELFTEST_FAILED] = EXIT_FINDING,
					 [SELFTEST_SKIPPED] = EXIT_SKIPPED };
	struct settings s = { .program = "cpuid" };
	int status = command_options(self, &s, &argc, argv);

	return status ? status : status_of[selftest(s.program, stdout)];
}

COMMAND(command) = {
	.order = 100,
	.summary = "prove the counters here, with cpuid(1) as the reference",
	.run = run,
	.line = { .name = "selftest",
		  .synopsis = "[--cpuid PROGRAM]",
		  .about = "Prove the counters of this machine from inside: loops of known "
			   "length, the sum over all reasons, the histograms, and every leaf of "
			   "the counters and of the hypervisor as cpuid(1) reads it. Prints "
			   "TAP.",
		  .notes = "Exit status: 0 all tests pass; 1 a test fails; 4 nothing to test "
			   "(no counters here, or no cpuid(1)).",
		  .option = options },
};
