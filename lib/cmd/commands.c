// SPDX-License-Identifier: MIT
#include <string.h>

#include "cmd/cmd.h"

const struct command commands[] = {
	{ "list", cmd_list, "the workloads, what one operation is, and whether they can run here",
	  false },
	{ "run", cmd_run, "run workloads and attribute VM exits to them", false },
	{ "probe", cmd_probe, "what the hypervisor offers, and every exit counter with its name",
	  false },
	{ "exec", cmd_exec, "run any command and attribute VM exits to it", false },
	{ "top", cmd_top, "exits per second by reason, live", false },
	{ "boot", cmd_boot, "what booting this VM costs, up to marked moments", false },
	{ "report", cmd_report, "show a result file again: text, JSON, CSV or HTML", false },
	{ "compare", cmd_compare, "result files side by side: what differs, and how sure that is",
	  false },
	{ "import", cmd_import, "a listing of exits (dmesg, cpuid, ffd.sh) as a result file",
	  false },
	{ "selftest", cmd_selftest, "prove the counters here, with cpuid(1) as the reference",
	  false },
	{ "complete", cmd_complete, "candidates for the shells' completion", true },
	{ "witness", cmd_witness, "last reading of a laboratory run, then pause the VM", true },
	{ "help", cmd_help, "this list, or the options of one command", false },
	{ NULL, NULL, NULL, false },
};

const struct command *command_find(const char *name)
{
	const struct command *c;

	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	for (c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}
