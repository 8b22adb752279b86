/* SPDX-License-Identifier: MIT */
/* The command line of `suite attach`: suite has its help and completion, suite-attach does it. */
#ifndef ATTACH_SETTINGS_H
#define ATTACH_SETTINGS_H

#include <stdbool.h>

#include "base/options.h"

struct attach_settings {
	const char *memory, *qmp, *pin;
	double seconds; /* 0: no end */
	bool timed, copy, list, json, quiet, verbose;
};

/* argc and argv as options_parse() leaves them. A line for the user, or NULL: it is all right. */
const char *attach_refuses(const struct attach_settings *s, int argc);

extern const struct option_def attach_options[];

#define ATTACH_TABLE                                                                               \
	{                                                                                          \
		.name = "attach",                                                                  \
		.synopsis = "--list\n[OPTION...] VM\n[OPTION...] --qmp SOCKET [VM]",               \
		.about = "Count the exits of a running VM, on its host, with any KVM: a BPF "      \
			 "program at the tracepoint kvm_exit counts by reason, and stores each "   \
			 "count in memory that the guest reads without an exit. VM is a pid or a " \
			 "name of --list. Needs root, and an ivshmem device in the VM "            \
			 "(docs/attach.md). Ends with ^C, after --for, or with the VM; the guest " \
			 "sees that.",                                                             \
		.notes = "Exit status: 0 ended, by a signal, after --for or with the VM; 2 "       \
			 "usage; 3 cannot count here; 4 --list found no VM.",                      \
		.option = attach_options, .operands = "",                                          \
	}

#endif
