/* SPDX-License-Identifier: MIT */
/*
 * One table of options for a command: parsing, error messages, the usage text and the candidates of
 * completion all come from it. Over getopt_long(): an unambiguous beginning of a long name will do,
 * and options may follow operands, whatever POSIXLY_CORRECT says.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A value that an option can have. */
struct choice {
	const char *name;
	const char *ending; /* of the file names that choose it, ".json"; NULL: none does */
	const char *help;   /* NULL in all of a table: the usage lists the names alone */
};

/* A table of rows that each begin with a struct choice; a row without a name ends it. */
struct choices {
	const void *row;
	size_t size; /* bytes of a row */
};
#define CHOICES(table)                    \
	{                                 \
		(table), sizeof(*(table)) \
	}

const struct choice *choice_at(const struct choices *c, size_t i); /* NULL past the last */
int choice_named(const struct choices *c, const char *name);       /* position, or -1 */
/* That of the file name's ending; 0, the first choice, when no ending fits. */
int choice_by_ending(const struct choices *c, const char *path);
/* All names, `between` between them. */
void choice_names(const struct choices *c, const char *between, char *text, size_t size);

enum option_type {
	OPTION_FLAG,   /* bool */
	OPTION_NUMBER, /* whole number in [min, max], with k, M or G: an integer of 4 or 8 bytes */
	OPTION_REAL,   /* number in [low, high]: double */
	OPTION_CHOICE, /* one of choices, as its position: int or an enum */
	OPTION_CHOSEN, /* a flag for that choice, named `values`: the same */
	OPTION_TEXT,   /* const char *, as given */
	OPTION_LIST,   /* struct option_list; each time it is given adds one */
	OPTION_CALL,   /* what call() makes of it */
	OPTION_PAIR,   /* the same, for a text that must be NAME=... */
};

struct option_list {
	const char **text; /* to free() */
	size_t n;
};

struct option_def;
/* target: place of the option within the settings. 0, -ENOMEM, or -EINVAL with a message, one line
 * without an end. */
typedef int option_call(void *target, const struct option_def *o, const char *text, char *message,
			size_t size);

struct option_def {
	const char *name; /* without its dashes; NULL ends the table */
	char letter;      /* short form, or 0 */
	enum option_type type : 8;
	unsigned short offset, bytes; /* of the target in the settings; OPTION_AT() */
	const char *metavar;          /* of its value, "FILE"; NULL for a flag */
	const char *help;             /* wrapped by options_usage() */
	const char *values; /* candidates of completion, with blanks between: words, or ":files"
			       and other names that the shell or the suite knows */
	union {
		struct {
			long long min, max;
		};
		struct {
			double low, high;
		};
		struct choices choices;
	};
	union {
		const char *unit; /* of a real number, "seconds" */
		option_call *call;
	};
};
#define OPTION_AT(type, member) \
	.offset = offsetof(type, member), .bytes = sizeof(((type *)NULL)->member)

/* Every table has -h, --help too. */
struct option_table {
	const char *name;     /* of the command */
	const char *synopsis; /* a line for each form: what follows the command's name */
	const char *about; /* before the options: a paragraph a line, which options_usage() wraps;
			      lines that begin with a blank stay as they are */
	const char *notes; /* the same after them; NULL: none */
	const struct option_def *option; /* NULL: none */
	const char *verbs;    /* words that can stand first, with blanks between; NULL: none */
	const char *operands; /* what operands can be, as option_def.values; NULL: it takes none */
	bool in_order;        /* the first operand ends the options: what follows has its own */
};

/* The i-th option, -h after all others; NULL past it. */
const struct option_def *option_at(const struct option_table *t, size_t i);
bool option_takes_value(const struct option_def *o);

#define OPTIONS_HELP 1

/*
 * Put the options of argv[1] to argv[*argc - 1] into settings, later ones over earlier ones. What
 * remains are the operands, from argv[0] to a NULL at argv[*argc]. Returns 0; OPTIONS_HELP as soon
 * as -h or --help comes; -ENOMEM; or, with a message of one line, -EINVAL for a value and -ENOENT
 * for an option that does not exist or lacks its value. Not reentrant, as getopt() is not.
 */
int options_parse(const struct option_table *t, void *settings, int *argc, char **argv,
		  char *message, size_t size);

/* The usage text, at most 80 columns wide. program: what the synopsis begins with, "suite". */
void options_usage(const struct option_table *t, const char *program, FILE *out);

/*
 * For scripts, a line for each option: its names, metavar and values, with TABs between. Lines
 * "verbs" and "operands" in place of names tell what else can stand there. lib/complete reads it.
 */
void options_print(const struct option_table *t, FILE *out);

#endif
