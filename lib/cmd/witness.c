// SPDX-License-Identifier: MIT
#include <getopt.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "witness/pause.h"

static const char witness_usage[] =
	"usage: suite witness --pause RESOURCE -o FILE\n\n"
	"Plumbing of the laboratory: read all exit counters, then pause the VM at once.\n"
	"RESOURCE: resource0 of an enabled pvpanic-pci device in sysfs; QEMU must have\n"
	"been started with -action panic=pause. FILE: a line per slot, 'SLOT KEY COUNT'.\n";

int cmd_witness(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "output", required_argument, NULL, 'o' },
		{ "pause", required_argument, NULL, 'p' },
		{ 0 },
	};
	const char *resource = NULL, *path = NULL;
	char message[512];
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			fputs(witness_usage, stdout);
			return EXIT_DONE;
		case 'o':
			path = optarg;
			break;
		case 'p':
			resource = optarg;
			break;
		default:
			return bad_option("witness", argc, argv);
		}
	}
	if (!resource || !path || optind != argc)
		return complain(EXIT_USAGE,
				"witness: takes --pause RESOURCE and -o FILE and nothing else");
	if (witness_pause(resource, path, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "witness: %s", message);
	return EXIT_DONE;
}
