/* SPDX-License-Identifier: MIT */
/* --fail-on: what a comparison must not show. The grammar: docs/suite-compare.1.scd. */
#ifndef COMPARE_RULES_H
#define COMPARE_RULES_H

#include "compare/compare.h"
#include "text/emit.h"

/*
 * Hold all comparisons against all rules: one line a finding. Returns 0, -ENOMEM, or -EINVAL with
 * one line: an invalid rule, or one that matches no row. emit_list_free() in all cases.
 */
int compare_rules(struct emit_list *f, const char *const *rule, size_t rules,
		  const struct compare *c, size_t n, char *message, size_t size);

/* Is the grammar right? Asked before files are read. Returns 0, or -EINVAL with one line. */
int compare_rules_check(const char *const *rule, size_t rules, char *message, size_t size);

#endif
