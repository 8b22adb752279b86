// SPDX-License-Identifier: MIT
#include "exec/exec.h"

const struct exec_format exec_formats[] = {
	{ { .name = "text" }, exec_text },
	{ { .name = "json" }, exec_json },
	{ { .name = "csv" }, exec_csv },
	{ .choice.name = NULL },
};
