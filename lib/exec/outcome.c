// SPDX-License-Identifier: MIT
/* What becomes of the command beyond its exits. */
#include "base/interrupt.h"
#include "exec/exec.h"

int exec_passed_on(const struct exec *x)
{
	int status = 0, last;
	uint32_t i;

	for (i = 0; i < x->done; i++) {
		last = exec_status(x->times[i].status);
		status = last ? last : status;
	}
	return status || !interrupted ? status : 128 + (int)interrupted;
}

int exec_describe(struct result *r, char **argv)
{
	char text[256] = "";
	size_t length = 0;

	for (; *argv && length < sizeof(text); argv++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
					   length ? " " : "", *argv);
	return result_add_label(r, "command", "%s", text);
}
