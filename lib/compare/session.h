/* SPDX-License-Identifier: MIT */
/* A whole comparison: files read, grouped into sides, each side compared with the first. */
#ifndef COMPARE_SESSION_H
#define COMPARE_SESSION_H

#include "compare/compare.h"
#include "compare/files.h"
#include "compare/operands.h"
#include "compare/rules.h"

struct compare_session {
	struct compare_files files;
	const struct estimate **member; /* of all sides, one after the other */
	struct compare_group *group;
	struct compare *compare; /* [comparisons]: one fewer than sides */
	size_t comparisons;
	struct emit_list findings; /* rules that are broken */
};

/*
 * in: the files, and the sides as far as they are given; what is grouped here is added to it.
 * rule: texts of --fail-on. Returns 0; -ENOMEM; or, with one line of message, -EINVAL for what the
 * command line asks or a file holds, another negative errno else. compare_session_free() in all
 * cases.
 */
int compare_session(struct compare_session *m, struct compare_operands *in, enum compare_unit unit,
		    const char *const *rule, size_t rules, char *message, size_t size);
void compare_session_free(struct compare_session *m);

#endif
