/* SPDX-License-Identifier: MIT */
/*
 * What the numbers say, in sentences: the questions of the original exercise (what changed without
 * nested paging, which exits are the most and the least frequent, what a boot costs, at what rate
 * exits come, whether that was expected and why), each answered with its figures. Every statement
 * is supported by a figure.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stddef.h>

struct sides;

/* Words, or a figure as people read it with its value. */
struct piece {
	char *text;
	double value;
	unsigned int figure; /* 0: words; else its number in the sentence, from 1 */
};

struct sentence {
	const char *key;      /* "changed", "boot"...: for programs */
	const char *question; /* neighbours with the same question answer it together */
	struct piece *piece;
	size_t pieces;
	unsigned int figures;
};

struct summary {
	struct sentence *sentence;
	size_t sentences;
	int error; /* -ENOMEM: something is missing */
};

/* Returns 0 or -ENOMEM; summary_free() in both cases. */
int summary_make(struct summary *s, const struct sides *sides);
void summary_free(struct summary *s);
/* To free(); NULL when out of memory. */
char *sentence_text(const struct sentence *s);

/* For the parts that make the sentences. */
void summary_begin(struct summary *s, const char *key, const char *question);
void summary_words(struct summary *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* text NULL: format_number(). */
void summary_figure(struct summary *s, double value, const char *text);

void summary_changes(struct summary *s, const struct sides *sides);
void summary_boot(struct summary *s, const struct sides *sides);
void summary_rates(struct summary *s, const struct sides *sides);
void summary_expected(struct summary *s, const struct sides *sides);
void summary_trust(struct summary *s, const struct sides *sides);

#endif
