/* SPDX-License-Identifier: MIT */
/* Why the evidence does not prove anything, although it can be read: one sentence. */
#ifndef PROBLEM_H
#define PROBLEM_H

struct problem {
	char text[320]; /* "": none; printable ASCII */
};

/* The first problem counts: those that follow are often its consequences. */
void problem_is(struct problem *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
