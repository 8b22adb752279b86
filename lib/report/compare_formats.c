// SPDX-License-Identifier: MIT
#include "report/compare_formats.h"

const struct compare_format compare_formats[] = {
	{ "text", NULL, compare_text },         { "json", ".json", compare_json },
	{ "csv", ".csv", compare_csv },         { "md", ".md", compare_markdown },
	{ "markdown", NULL, compare_markdown }, { 0 },
};
