/* SPDX-License-Identifier: MIT */
/* A line as classes of its numbers, and what is known from the lines before it. */
#ifndef IMPORT_GRAMMAR_H
#define IMPORT_GRAMMAR_H

#include "import/import.h"
#include "import/tokens.h"

/* Letters of the numbers (and names) of a line, as forms are written with. */
#define REASON 'R' /* words say that it is a reason */
#define COUNT 'C'  /* words say that it is a count, or it stands alone behind a reason */
#define TOTAL 'S'
#define NAME 'N'    /* a reason's name that is not next to its number */
#define PLAIN 'U'   /* no word says what it is */
#define STRANGE '?' /* words that are not known do */
#define BAD 'B'

#define COLUMNS 32 /* of a table */
#define MOST 64    /* classes in a line; one with more is no reading */

struct sentence {
	char letters[MOST + 1];
	uint64_t value[MOST]; /* of a NAME: its code */
	const struct token *token[MOST];
	size_t n;
	bool full, times, negated, exits, heading, after_exits;
	bool bare_total;
	uint64_t leaf; /* 0x4fffffff and its neighbours; 0: none */
	bool has_cpu;
	uint64_t cpu;
	const struct token *bad; /* the first number that cannot be read */
	bool named;              /* begins with a reason's name */
};

struct dump_lines {
	struct tokens tokens;
	struct sentence sentence;
	bool pending; /* a reason whose count is in the next line */
	uint32_t wanted;
	size_t pending_line;
	bool held; /* a count whose reason is in the next line */
	uint64_t count;
	size_t held_line;
	char order;          /* of two-line readings: REASON or COUNT first; 0: none yet */
	uint32_t other_leaf; /* a leaf that the layout does not count in; 0: none was seen */
	bool counted;        /* the layout's own leaf was there */
	size_t words_line, columns_line, lone_line; /* first of each family; 0: none */
	const char *totals_of;                      /* a tool that gives no reasons */
	uint64_t cpu, pid;
	bool has_cpu, has_pid, reversed;
	struct {
		char *text; /* of a table's heading, with a NUL behind each cell */
		const char *cell[COLUMNS];
		size_t columns;
		bool rule; /* the line between heading and rows was there */
	} table;
	char map[32];        /* bpftrace's */
	uint32_t first_code; /* of this dump */
	bool has_first, has_second;
};

void sentence_read(struct sentence *s, const struct tokens *t, const struct dump *l);

/* A reason and its count from a line; number as it stands there. */
void line_count(struct dump *l, struct dump_lines *s, const char *form, uint64_t number,
		uint64_t value);
/* A line of another tool, and a row of a table. False if the line is neither. */
bool tools_line(struct dump *l, struct dump_lines *s, const char *text);
bool table_line(struct dump *l, struct dump_lines *s, const char *text);

#endif
