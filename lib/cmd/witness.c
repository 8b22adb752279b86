// SPDX-License-Identifier: MIT
/* Plumbing of the laboratory: the last reading inside, the proof made from it outside. */
#include <getopt.h>
#include <string.h>

#include "base/number.h"
#include "cmd/cmd.h"
#include "result/output.h"
#include "witness/pause.h"
#include "witness/verdict.h"

static const char witness_usage[] =
	"usage: suite witness --pause RESOURCE -o FILE\n"
	"       suite witness --check DIR [--guest N] [--paging nested|shadow] [-o FILE]\n\n"
	"Plumbing of the laboratory.\n\n"
	"--pause: read all exit counters, then pause the VM at once. RESOURCE: resource0\n"
	"of an enabled pvpanic-pci device in sysfs; QEMU must have been started with\n"
	"-action panic=pause. FILE: a line per slot, 'SLOT KEY COUNT'.\n\n"
	"--check: compare that reading with what the outer VM counted itself, reason by\n"
	"reason. DIR: the folder that the outer VM sent. For the first inner VM it holds\n"
	"the file guest (that reading) and the folder evidence with format, histogram,\n"
	"stat-exits, trace and cpus.json, and where they exist stats-vcpu.json,\n"
	"stats-vm.json and unentered. Its folders guest2, guest3... hold the same for the\n"
	"other inner VMs.\n"
	"  --guest N         which inner VM (default 1)\n"
	"  --paging MODE     goes into the JSON document; null without it\n"
	"  -o FILE           the document goes to FILE, and one line with the verdict\n"
	"                    to stdout; without it the document goes to stdout\n\n"
	"Exit status of --check: 0 all counts are equal; 1 they are not, or the evidence\n"
	"proves nothing ('problem' in the document says why); 3 evidence is missing or\n"
	"cannot be read.\n";

struct witness_options {
	const char *resource, *folder, *paging, *output;
	long long guest; /* 0: not given */
};

static int pause_vm(const struct witness_options *o)
{
	char message[512];

	if (!o->resource || !o->output || o->guest || o->paging)
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

static int check(const struct witness_options *o)
{
	struct fault fault = { 0 };
	struct verdict verdict = { 0 };
	struct evidence evidence;
	json_t *document;
	int ret;

	ret = evidence_read(&evidence, o->folder, o->guest ? (unsigned int)o->guest : 1, &fault);
	if (!ret)
		ret = verdict_make(&verdict, &evidence, &fault);
	evidence_free(&evidence);
	if (ret) {
		verdict_free(&verdict);
		return complain(EXIT_ENVIRONMENT, "witness: %s", fault.text);
	}
	document = verdict_document(&verdict, o->paging);
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

static int check_options(const struct witness_options *o)
{
	if (o->resource)
		return complain(EXIT_USAGE, "witness: --pause and --check exclude each other");
	if (o->paging && strcmp(o->paging, "nested") != 0 && strcmp(o->paging, "shadow") != 0)
		return complain(EXIT_USAGE, "witness: --paging '%s' is not nested or shadow",
				o->paging);
	return check(o);
}

int cmd_witness(int argc, char **argv)
{
	static const struct option options[] = {
		{ "check", required_argument, NULL, 'c' },
		{ "guest", required_argument, NULL, 'g' },
		{ "help", no_argument, NULL, 'h' },
		{ "output", required_argument, NULL, 'o' },
		{ "paging", required_argument, NULL, 'm' },
		{ "pause", required_argument, NULL, 'p' },
		{ 0 },
	};
	struct witness_options o = { 0 };
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			fputs(witness_usage, stdout);
			return EXIT_DONE;
		case 'c':
			o.folder = optarg;
			break;
		case 'g':
			if (parse_number(optarg, 1, 1000, &o.guest))
				return complain(EXIT_USAGE,
						"witness: --guest '%s' is not a whole number from "
						"1 to 1000",
						optarg);
			break;
		case 'm':
			o.paging = optarg;
			break;
		case 'o':
			o.output = optarg;
			break;
		case 'p':
			o.resource = optarg;
			break;
		default:
			return bad_option("witness", argc, argv);
		}
	}
	if (optind != argc)
		return complain(EXIT_USAGE, "witness: '%s' is not an option", argv[optind]);
	return o.folder ? check_options(&o) : pause_vm(&o);
}
