// SPDX-License-Identifier: MIT
#include "report/report.h"

int report_make(struct report *r, const struct result *const *result, const struct witness *witness,
		const struct result *boot, size_t n)
{
	int ret;

	*r = (struct report){ 0 };
	ret = sides_make(&r->sides, result, witness, boot, n);
	return ret ? ret : summary_make(&r->summary, &r->sides);
}

void report_free(struct report *r)
{
	summary_free(&r->summary);
	sides_free(&r->sides);
}
