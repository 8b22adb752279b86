/* SPDX-License-Identifier: MIT */
/* What words say about the numbers next to them. */
#ifndef IMPORT_WORDS_H
#define IMPORT_WORDS_H

#include "exitprobe.h"
#include "import/tokens.h"

enum role {
	ROLE_UNKNOWN,
	ROLE_FILLER, /* says nothing */
	ROLE_EXIT,   /* "exit 30": a reason, unless more words say otherwise */
	ROLE_EXITS,  /* a count */
	ROLE_REASON, /* a reason */
	ROLE_NUMBER, /* "exit number": a reason; "total number": a count */
	ROLE_COUNT,  /* a count, if nothing unknown stands next to it */
	ROLE_TOTAL,
	ROLE_TIME,
	ROLE_REGISTER, /* the number is a register, unless a count was promised */
	ROLE_OTHER,    /* the number is something else, as a process id */
	ROLE_AFTER,
	ROLE_NOT,     /* "not defined", "invalid": there is no count */
	ROLE_CPU,     /* whose count it is */
	ROLE_HEADING, /* a line that begins a dump */
};

/* The role of a word without underscores. */
enum role word_role(enum exitprobe_vendor vendor, const char *at, size_t length);
/* Each part of a word ("number_of_exits", "ExitCount"): its length, from at; 0 at the end. */
size_t word_part(const char *at, size_t length);
/* The reason of this name, in any case, with or without EXIT_REASON_; NULL: none. */
const struct exitprobe_reason *word_reason(enum exitprobe_vendor vendor, const struct token *t);

#endif
