// SPDX-License-Identifier: MIT
/* Plumbing of the laboratory: the last reading inside, the proof made from it outside. */
#include <string.h>

#include "cmd/cmd.h"
#include "result/output.h"
#include "witness/pause.h"
#include "witness/verdict.h"

struct settings {
	const char *resource, *folder, *output;
	int paging;     /* position in modes; -1: not given */
	uint32_t guest; /* 0: not given */
};

static const struct choice modes[] = {
	{ .name = "nested" },
	{ .name = "shadow" },
	{ .name = NULL },
};

static const struct option_def options[] = {
	{ "pause", .type = OPTION_TEXT, .metavar = "RESOURCE",
	  .help = "read all exit counters, then pause the VM at once. RESOURCE: resource0 of an "
		  "enabled pvpanic-pci device in sysfs; QEMU must have been started with -action "
		  "panic=pause",
	  OPTION_AT(struct settings, resource), .values = ":files" },
	{ "check", .type = OPTION_TEXT, .metavar = "DIR",
	  .help = "compare that reading with what the outer VM counted itself, reason by reason. "
		  "DIR: the folder that the outer VM sent",
	  OPTION_AT(struct settings, folder), .values = ":files" },
	{ "guest", .type = OPTION_NUMBER, .metavar = "N",
	  .help = "which inner VM to check (default 1)", OPTION_AT(struct settings, guest),
	  .min = 1, .max = 1000 },
	{ "paging", .type = OPTION_CHOICE, .metavar = "MODE",
	  .help = "nested or shadow: goes into the JSON document, which has null without it",
	  OPTION_AT(struct settings, paging), .choices = CHOICES(modes) },
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "with --pause, the reading: a line per slot, 'SLOT KEY COUNT'; with --check, the "
		  "document, and one line with the verdict goes to standard output (default: the "
		  "document does)",
	  OPTION_AT(struct settings, output), .values = ":files" },
	{ .name = NULL },
};

static int pause_vm(const struct settings *o)
{
	char message[512];

	if (!o->resource || !o->output || o->guest || o->paging >= 0)
		return complain(EXIT_USAGE,
				"witness: takes --pause RESOURCE and -o FILE and nothing else, or "
				"--check DIR; see 'suite help witness'");
	if (witness_pause(o->resource, o->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "witness: %s", message);
	return EXIT_DONE;
}

static int write_document(json_t *document, const char *path)
{
	char message[512];
	struct output out;
	int ret;

	if (!document)
		return complain(EXIT_ENVIRONMENT, "witness: out of memory");
	ret = output_open(&out, path ? path : "-", message, sizeof(message));
	if (ret)
		return complain(EXIT_ENVIRONMENT, "witness: %s", message);
	/* A write that failed shows in the stream; memory that ran out does not. */
	if (json_dumpf(document, out.file, JSON_INDENT(2)) && !ferror(out.file)) {
		output_abandon(&out);
		return complain(EXIT_ENVIRONMENT, "witness: out of memory");
	}
	fputc('\n', out.file);
	if (output_commit(&out, path ? path : "stdout", message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "witness: %s", message);
	return EXIT_DONE;
}

static int check(const struct settings *o)
{
	struct fault fault = { 0 };
	struct verdict verdict = { 0 };
	struct evidence evidence;
	json_t *document;
	int ret;

	ret = evidence_read(&evidence, o->folder, o->guest ? o->guest : 1, &fault);
	if (!ret)
		ret = verdict_make(&verdict, &evidence, &fault);
	evidence_free(&evidence);
	if (ret) {
		verdict_free(&verdict);
		return complain(EXIT_ENVIRONMENT, "witness: %s", fault.text);
	}
	document = verdict_document(&verdict, o->paging < 0 ? NULL : modes[o->paging].name);
	ret = write_document(document, o->output);
	json_decref(document);
	if (!ret && o->output) {
		verdict_line(&verdict, stdout);
		putchar('\n');
	}
	if (!ret && !verdict.equal)
		ret = EXIT_FINDING;
	verdict_free(&verdict);
	return ret;
}

static int witness(const struct command *self, int argc, char **argv)
{
	struct settings s = { .paging = -1 };
	int status = command_options(self, &s, &argc, argv);

	if (status)
		return status;
	if (s.folder && s.resource)
		return complain(EXIT_USAGE, "witness: --pause and --check exclude each other");
	return s.folder ? check(&s) : pause_vm(&s);
}

COMMAND(command) = {
	.order = 120,
	.summary = "last reading of a laboratory run and the proof made from it",
	.plumbing = true,
	.run = witness,
	.line = { .name = "witness",
		  .synopsis = "--pause RESOURCE -o FILE\n"
			      "--check DIR [--guest N] [--paging MODE] [-o FILE]",
		  .about = "Plumbing of the laboratory: the last reading of a run, inside, and the "
			   "proof made from it, outside.",
		  .notes = "The folder of --check holds, for the first inner VM, the file guest "
			   "(the reading) and the folder evidence with format, histogram, "
			   "stat-exits, trace and cpus.json, and where they exist "
			   "stats-vcpu.json, stats-vm.json and unentered. Its folders guest2, "
			   "guest3... hold the same for the other inner VMs.\n\n"
			   "Exit status of --check: 0 all counts are equal; 1 they are not, or the "
			   "evidence proves nothing ('problem' in the document says why); 3 "
			   "evidence is missing or cannot be read.",
		  .option = options },
};
