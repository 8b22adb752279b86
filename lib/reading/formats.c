// SPDX-License-Identifier: MIT
#include "reading/reading.h"

const struct probe_format probe_formats[] = {
	{ { "text", NULL, "for people (the default)" }, probe_text, .histograms = true },
	{ { "json", NULL, "one document" }, probe_json, .histograms = true },
	{ { "csv", NULL, "one line per reason" }, probe_csv, .cycles = false },
	{ { "ffd", NULL, "as the original boot scripts: exit number, name, exits" },
	  probe_ffd,
	  .cycles = false },
	{ { "ffc", NULL, "the same with cycles" }, probe_ffc, .cycles = true },
	{ .choice.name = NULL },
};
