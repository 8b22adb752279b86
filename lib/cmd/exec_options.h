/* SPDX-License-Identifier: MIT */
/* What the command line of `suite exec` says. */
#ifndef EXEC_OPTIONS_H
#define EXEC_OPTIONS_H

#include "exec/exec.h"

enum exec_form { EXEC_TEXT, EXEC_JSON, EXEC_CSV };

struct exec_settings {
	struct exec_plan plan;
	enum exec_form form;
	const char *output; /* result file, or NULL */
	const char *to;     /* where the table goes; NULL: stderr */
	bool require_exits;
};

extern const char exec_usage[];

/* Fill s and the facts of r. EXIT_DONE, another exit status after one line on stderr, or -1 when
 * the usage was asked for. */
int exec_parse(struct exec_settings *s, struct result *r, int argc, char **argv);

#endif
