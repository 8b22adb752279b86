// SPDX-License-Identifier: MIT
#include "report/report.h"

#define ROW(id, name, ending, help, one_file) { { name, ending, help }, report_##id, one_file },
const struct report_format report_formats[] = { REPORT_EACH_FORMAT(ROW){ .choice.name = NULL } };
#undef ROW

int report_terminal(const struct report *r, FILE *out)
{
	const struct sides *sides = &r->sides;
	size_t i;

	for (i = 0; i < sides->sides; i++) {
		if (sides->sides > 1)
			fprintf(out, "%s%c, %s\n\n", i ? "\n" : "", sides->side[i].letter,
				sides->side[i].label);
		report_text(sides->side[i].result, out, r->colour);
	}
	report_summary_text(&r->summary, out, r->colour);
	return 0;
}
