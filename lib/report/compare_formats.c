// SPDX-License-Identifier: MIT
#include "report/compare_formats.h"

const struct compare_format compare_formats[] = {
	{ { "text", NULL, "for a terminal (the default)" }, compare_text },
	{ { "json", ".json", "one document" }, compare_json },
	{ { "csv", ".csv", "one line per row" }, compare_csv },
	{ { "md", ".md", "Markdown" }, compare_markdown },
	{ { "markdown", NULL, "the same" }, compare_markdown },
	{ .choice.name = NULL },
};
