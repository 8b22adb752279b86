// SPDX-License-Identifier: MIT
/* The host's side is a program of its own, as it brings libraries that no guest needs. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/settings.h"
#include "cmd/cmd.h"

/* Next to this program, under whatever name that was started. */
static int become(char **argv)
{
	char own[PATH_MAX], path[PATH_MAX + 16];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);

	if (n < 0)
		return complain(EXIT_ENVIRONMENT, "attach: /proc/self/exe: %s; mount /proc",
				strerror(errno));
	own[n] = '\0';
	snprintf(path, sizeof(path), "%s/suite-attach", dirname(own));
	execv(path, argv);
	if (errno == ENOENT)
		return complain(EXIT_ENVIRONMENT,
				"attach: %s is not there: it is built where clang, bpftool and "
				"libbpf are ('scripts/setup build' installs them), and belongs "
				"next to suite",
				path);
	return complain(EXIT_ENVIRONMENT, "attach: %s: %s", path, strerror(errno));
}

static int attach(const struct command *self, int argc, char **argv)
{
	struct attach_settings s = { 0 };
	char **copy = calloc((size_t)argc + 1, sizeof(*copy));
	const char *refused;
	int status;

	if (!copy)
		return complain(EXIT_ENVIRONMENT, "attach: out of memory");
	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	status = command_options(self, &s, &argc, argv);
	refused = status ? NULL : attach_refuses(&s, argc);
	if (refused)
		status = complain(EXIT_USAGE, "attach: %s", refused);
	if (!status)
		status = become(copy);
	free(copy);
	return status;
}

COMMAND(command) = {
	.order = 105,
	.summary = "on a host: count a VM's exits, without a patched KVM",
	.run = attach,
	.line = ATTACH_TABLE,
};
