/* SPDX-License-Identifier: MIT */
/* The words and numbers of one line of a listing. */
#ifndef IMPORT_TOKENS_H
#define IMPORT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_BAD, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	const char *at;
	size_t length;
	uint64_t value;
	const char *why; /* of TOKEN_BAD: what is wrong with the number */
	bool hex, decimal, percent, time;
};

struct tokens {
	struct token *list;
	size_t n, room;
	bool no_memory;
};

/*
 * Make a line plain, in place: no byte-order mark, no colours, dashes, bars and blanks of Unicode
 * as those of ASCII. A blank that may stand within a number becomes TOKEN_THIN.
 */
#define TOKEN_THIN '\x01'
void tokens_clean(char *text);
/* What precedes the message in dmesg, journalctl and syslog; *seconds is dmesg's time, or -1. */
const char *tokens_prefix(const char *text, double *seconds);
void tokens_read(struct tokens *t, const char *text);
void tokens_free(struct tokens *t);

bool token_is(const struct token *t, const char *word); /* in any case */
bool token_sign(const struct tokens *t, size_t i, const char *any);
bool token_time_unit(const char *at, size_t length);

#endif
