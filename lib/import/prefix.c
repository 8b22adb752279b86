// SPDX-License-Identifier: MIT
/* What surrounds the message of a line: marks of the encoding, and of who logged it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import/tokens.h"

static const struct {
	const char *from, *to;
} plain[] = {
	{ "\xef\xbb\xbf", "" },     { "\xc2\xa0", "\x01" },     { "\xe2\x80\x89", "\x01" },
	{ "\xe2\x80\xaf", "\x01" }, { "\xe2\x80\x88", "\x01" }, { "\xe2\x80\x99", "'" },
	{ "\xe2\x80\x90", "-" },    { "\xe2\x80\x91", "-" },    { "\xe2\x80\x93", "-" },
	{ "\xe2\x80\x94", "-" },    { "\xe2\x88\x92", "-" },    { "\xe2\x86\x92", "->" },
	{ "\xe2\x94\x82", "|" },    { "\xe2\x94\x83", "|" },    { "\xe2\x95\x91", "|" },
	{ "\xe2\x80\xa2", "*" },    { "\xe3\x80\x80", " " },    { "\xef\xbc\x9a", ":" },
	{ "\xef\xbc\x9d", "=" },
};

static const char *escape_end(const char *at)
{
	at += at[1] == '[' ? 2 : 1;
	at += strspn(at, "0123456789;?");
	return *at ? at + 1 : at;
}

void tokens_clean(char *text)
{
	const char *from = text;
	size_t i;

	while (*from) {
		if (*from == 0x1b) {
			from = escape_end(from);
			continue;
		}
		for (i = 0; (unsigned char)*from >= 0x80 && i < sizeof(plain) / sizeof(*plain); i++)
			if (!strncmp(from, plain[i].from, strlen(plain[i].from)))
				break;
		if ((unsigned char)*from < 0x80 || i == sizeof(plain) / sizeof(*plain)) {
			/* Full-width digits are digits. */
			if (!strncmp(from, "\xef\xbc", 2) && (unsigned char)from[2] >= 0x90 &&
			    (unsigned char)from[2] <= 0x99) {
				*text++ = (char)('0' + (unsigned char)from[2] - 0x90);
				from += 3;
			} else {
				*text++ =
					*from == '\f' || *from == '\v' || *from == 1 ? ' ' : *from;
				from++;
			}
			continue;
		}
		from += strlen(plain[i].from);
		memcpy(text, plain[i].to, strlen(plain[i].to));
		text += strlen(plain[i].to);
	}
	*text = 0;
}

/* "[ 7985.796846]", "[Fri Nov 27 00:38:11 2026]", "[T1234]": never "[10]", which may be a key. */
static const char *bracket(const char *at, double *seconds)
{
	const char *end = strchr(at, ']'), *in = at + 1;
	char *stop;
	double value;

	if (!end || end - at > 40)
		return NULL;
	in += strspn(in, " ");
	if (isdigit((unsigned char)*in)) {
		value = strtod(in, &stop);
		if (stop != end || !memchr(in, '.', (size_t)(end - in)))
			return NULL;
		*seconds = value;
		return end + 1;
	}
	if ((*in == 'T' || *in == 'C') && isdigit((unsigned char)in[1]) &&
	    in + 1 + strspn(in + 1, "0123456789") <= end)
		return end + 1;
	return strchr("SMTWF", *in) && memchr(in, ':', (size_t)(end - in)) ? end + 1 : NULL;
}

/* "host kernel: ", "host tag[12]: " */
static const char *host_and_tag(const char *at)
{
	size_t host = strcspn(at, " :="), tag;

	if (!host || at[host] != ' ')
		return NULL;
	at += host + 1;
	at += strspn(at, " ");
	tag = strcspn(at, " :[");
	if (at[tag] == '[')
		tag += strcspn(at + tag, "]") + (strchr(at + tag, ']') ? 1 : 0);
	return tag && at[tag] == ':' ? at + tag + 1 : NULL;
}

/* "Nov 27 00:38:11 host kernel:" and "2026-11-27T00:38:11.5+01:00 host kernel:" */
static const char *logged(const char *at)
{
	int n = 0, year, month, day, hour, minute;
	char name[4];

	if (sscanf(at, "%3[A-Za-z] %2d %2d:%2d:%n", name, &day, &hour, &minute, &n) == 4 && n)
		at += n;
	else if (sscanf(at, "%4d-%2d-%2d%*1[T ]%2d:%2d:%n", &year, &month, &day, &hour, &minute,
			&n) == 5 &&
		 n)
		at += n;
	else
		return NULL;
	at += strcspn(at, " ");
	return host_and_tag(at + strspn(at, " "));
}

/* Skips one prefix; NULL if the text begins with none. */
static const char *one(const char *at, double *seconds)
{
	const char *end;
	char level[12], facility[12];
	int n = 0;

	if (*at == '[')
		return bracket(at, seconds);
	if (*at == '<' && isdigit((unsigned char)at[1])) {
		end = at + 1 + strspn(at + 1, "0123456789");
		return *end == '>' ? end + 1 : NULL;
	}
	if (*at == '>' && at[1] == ' ')
		return at + 2;
	if (!strncmp(at, "kernel:", 7))
		return at + 7;
	if (sscanf(at, "%11[a-z] :%11[a-z] : %n", facility, level, &n) == 2 && n && at[n] == '[')
		return at + n;
	return isalnum((unsigned char)*at) ? logged(at) : NULL;
}

const char *tokens_prefix(const char *text, double *seconds)
{
	const char *next;
	int i;

	*seconds = -1;
	for (i = 0; i < 8; i++) {
		text += strspn(text, " \t");
		next = one(text, seconds);
		if (!next)
			return text;
		text = next;
	}
	return text;
}
