/* SPDX-License-Identifier: MIT */
/* --fail-on: what a comparison must not show. The grammar: docs/suite-compare.1.scd. */
#ifndef COMPARE_RULES_H
#define COMPARE_RULES_H

#include "compare/compare.h"

struct compare_findings {
	char **text; /* one line each */
	size_t findings;
};

/*
 * Hold all comparisons against all rules. Returns EXIT_DONE, or EXIT_USAGE or EXIT_ENVIRONMENT
 * after a complaint: a rule that is none, or that nothing can break. compare_findings_free() in all
 * cases.
 */
int compare_rules(struct compare_findings *f, const char *const *rule, size_t rules,
		  const struct compare *c, size_t n);
void compare_findings_free(struct compare_findings *f);

/* Is the grammar right? Asked before files are read. Returns an exit status. */
int compare_rules_check(const char *const *rule, size_t rules);

#endif
