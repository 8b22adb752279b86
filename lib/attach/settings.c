// SPDX-License-Identifier: MIT
#include "attach/settings.h"

#include <stddef.h>

const struct option_def attach_options[] = {
	{ "list", 'l', .type = OPTION_FLAG,
	  .help = "list the running VMs: pid, vCPUs, name; and end",
	  OPTION_AT(struct attach_settings, list) },
	{ "memory", 'm', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "the file of the guest's ivshmem device, by the path that the VMM has for it "
		  "(default: the shared file that the VMM has mapped and whose name begins with "
		  "exit-pages)",
	  OPTION_AT(struct attach_settings, memory), .values = ":files" },
	{ "qmp", .type = OPTION_TEXT, .metavar = "SOCKET",
	  .help = "plug the device into the running VM first, if it has none, over QEMU's QMP "
		  "socket; without VM, it is the one of this socket",
	  OPTION_AT(struct attach_settings, qmp), .values = ":files" },
	{ "time", 't', .type = OPTION_FLAG,
	  .help = "count the time of the exits, too: busy and wall, by reason",
	  OPTION_AT(struct attach_settings, timed) },
	{ "copy", .type = OPTION_FLAG,
	  .help = "this process copies the counts, every half a millisecond, where a locked-down "
		  "kernel lets no BPF program write; result files say so",
	  OPTION_AT(struct attach_settings, copy) },
	{ "pin", .type = OPTION_TEXT, .metavar = "PATH",
	  .help = "no device: a VMM maps the counts as its guest's memory, from this new name in "
		  "a BPF file system",
	  OPTION_AT(struct attach_settings, pin) },
	{ "for", .type = OPTION_REAL, .metavar = "SECONDS", .help = "end after this time",
	  OPTION_AT(struct attach_settings, seconds), .low = 0.001, .high = 1e9,
	  .unit = "seconds" },
	{ "json", .type = OPTION_FLAG,
	  .help = "at the end, print what was counted as a JSON document",
	  OPTION_AT(struct attach_settings, json) },
	{ "quiet", 'q', .type = OPTION_FLAG, .help = "no line of state",
	  OPTION_AT(struct attach_settings, quiet) },
	{ "verbose", 'v', .type = OPTION_FLAG,
	  .help = "all that libbpf says of the programs, with the verifier's log",
	  OPTION_AT(struct attach_settings, verbose) },
	{ .name = NULL },
};

const char *attach_refuses(const struct attach_settings *s, int argc)
{
	if (s->list)
		return argc ? "--list takes no VM" : NULL;
	if (argc > 1)
		return "one VM at a time";
	if (!argc && !s->qmp)
		return "which VM? see --list";
	if (s->pin && (s->copy || s->qmp || s->memory))
		return "--pin needs no device: leave out --copy, --qmp and --memory";
	if (s->copy && s->timed)
		return "--copy has no times: leave out one";
	return NULL;
}
