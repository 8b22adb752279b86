// SPDX-License-Identifier: MIT
#include "base/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define OPTIONS_MAX 40    /* of one command */
#define LONG_OPTION 0x100 /* value of a long option in getopt_long(): this and its position */

static const struct option_def help_option = { .name = "help",
					       .letter = 'h',
					       .help = "print this text" };

const struct choice *choice_at(const struct choices *c, size_t i)
{
	const struct choice *row =
		c->row ? (const void *)((const char *)c->row + i * c->size) : NULL;

	return row && row->name ? row : NULL;
}

int choice_named(const struct choices *c, const char *name)
{
	const struct choice *row;
	int i;

	for (i = 0; (row = choice_at(c, (size_t)i)); i++)
		if (!strcmp(row->name, name))
			return i;
	return -1;
}

int choice_by_ending(const struct choices *c, const char *path)
{
	const size_t length = strlen(path);
	const struct choice *row;
	size_t tail;
	int i;

	for (i = 0; (row = choice_at(c, (size_t)i)); i++) {
		tail = row->ending ? strlen(row->ending) : length + 1;
		if (tail <= length && !strcmp(path + length - tail, row->ending))
			return i;
	}
	return 0;
}

bool option_takes_value(const struct option_def *o)
{
	return o->type != OPTION_FLAG && o->type != OPTION_CHOSEN;
}

const struct option_def *option_at(const struct option_table *t, size_t i)
{
	size_t n = 0;

	while (t->option && n < i && t->option[n].name)
		n++;
	if (t->option && t->option[n].name)
		return &t->option[n];
	return n == i ? &help_option : NULL;
}

void choice_names(const struct choices *c, const char *between, char *text, size_t size)
{
	const struct choice *row;
	size_t i, length = 0;

	*text = 0;
	for (i = 0; (row = choice_at(c, i)) && length < size; i++)
		length += (size_t)snprintf(text + length, size - length, "%s%s", i ? between : "",
					   row->name);
}

static int take_number(void *target, const struct option_def *o, const char *text, char *message,
		       size_t size)
{
	long long value;

	if (parse_number(text, o->min, o->max, &value)) {
		snprintf(message, size, "--%s '%s' is not a whole number from %lld to %lld",
			 o->name, text, o->min, o->max);
		return -EINVAL;
	}
	if (o->bytes == sizeof(uint32_t))
		*(uint32_t *)target = (uint32_t)value;
	else
		*(uint64_t *)target = (uint64_t)value;
	return 0;
}

static int take_real(double *target, const struct option_def *o, const char *text, char *message,
		     size_t size)
{
	char *end;
	double value = strtod(text, &end);

	if (end != text && !*end && value >= o->low && value <= o->high) {
		*target = value;
		return 0;
	}
	snprintf(message, size, "--%s '%s' is not a number of %s from %g to %g", o->name, text,
		 o->unit, o->low, o->high);
	return -EINVAL;
}

static int take_choice(int *target, const struct option_def *o, const char *text, char *message,
		       size_t size)
{
	int found = choice_named(&o->choices, text);
	char names[256];

	if (found >= 0) {
		*target = found;
		return 0;
	}
	choice_names(&o->choices, ", ", names, sizeof(names));
	snprintf(message, size, "--%s '%s' is not one of: %s", o->name, text, names);
	return -EINVAL;
}

static int add_to_list(struct option_list *list, const char *text)
{
	const char **longer = reallocarray(list->text, list->n + 1, sizeof(*longer));

	if (!longer)
		return -ENOMEM;
	list->text = longer;
	longer[list->n++] = text;
	return 0;
}

static int take(void *settings, const struct option_def *o, const char *text, char *message,
		size_t size)
{
	void *target = (char *)settings + o->offset;

	switch (o->type) {
	case OPTION_FLAG:
		*(bool *)target = true;
		return 0;
	case OPTION_NUMBER:
		return take_number(target, o, text, message, size);
	case OPTION_REAL:
		return take_real(target, o, text, message, size);
	case OPTION_CHOICE:
		return take_choice(target, o, text, message, size);
	case OPTION_CHOSEN:
		return take_choice(target, o, o->values, message, size);
	case OPTION_TEXT:
		*(const char **)target = text;
		return 0;
	case OPTION_LIST:
		return add_to_list(target, text);
	case OPTION_PAIR:
		if (*text != '=' && strchr(text, '='))
			break;
		snprintf(message, size, "--%s '%s' is not %s", o->name, text, o->metavar);
		return -EINVAL;
	case OPTION_CALL:
		break;
	}
	return o->call(target, o, text, message, size);
}

/* The option of a letter, or of the value of a long one. */
static const struct option_def *option_of(const struct option_table *t, int value)
{
	const struct option_def *o;
	size_t i;

	if (value >= LONG_OPTION)
		return option_at(t, (size_t)value - LONG_OPTION);
	for (i = 0; (o = option_at(t, i)) && o->letter != value; i++)
		;
	return o;
}

/* How many options begin so? */
static size_t beginnings(const struct option_table *t, const char *name, size_t length)
{
	const struct option_def *o;
	size_t i, n = 0;

	for (i = 0; (o = option_at(t, i)); i++)
		n += !strncmp(o->name, name, length);
	return n;
}

/* What getopt_long() refused: `found` is what it returned, `word` the argument it stopped at. */
static int refuse(const struct option_table *t, int found, const char *word, char *message,
		  size_t size)
{
	const bool is_long = !strncmp(word, "--", 2);
	const struct option_def *o = optopt ? option_of(t, optopt) : NULL;

	if (o && found == ':' && is_long)
		snprintf(message, size, "option --%s needs a value: %s", o->name, o->metavar);
	else if (o && found == ':')
		snprintf(message, size, "option -%c needs a value: %s", o->letter, o->metavar);
	else if (o)
		snprintf(message, size, "option --%s takes no value", o->name);
	else if (optopt)
		snprintf(message, size, "unknown option -%c", optopt);
	else
		snprintf(message, size, "%s option '%s'",
			 beginnings(t, word + 2, strcspn(word + 2, "=")) > 1 ? "ambiguous"
									     : "unknown",
			 word);
	return -ENOENT;
}

/* The tables of getopt_long(). '-': operands come in their turn, as values of an option 1, whatever
 * POSIXLY_CORRECT says; ':': a missing value is told from an unknown option. */
struct getopt_tables {
	struct option option[OPTIONS_MAX + 2];
	char letters[2 * OPTIONS_MAX + 4];
};

static void make_tables(struct getopt_tables *g, const struct option_table *t)
{
	const struct option_def *o;
	char *letter = g->letters;
	size_t i;

	memset(g, 0, sizeof(*g));
	*letter++ = t->in_order ? '+' : '-';
	*letter++ = ':';
	for (i = 0; i <= OPTIONS_MAX && (o = option_at(t, i)); i++) {
		g->option[i] =
			(struct option){ o->name,
					 option_takes_value(o) ? required_argument : no_argument,
					 NULL, LONG_OPTION + (int)i };
		if (!o->letter)
			continue;
		*letter++ = o->letter;
		if (option_takes_value(o))
			*letter++ = ':';
	}
}

int options_parse(const struct option_table *t, void *settings, int *argc, char **argv,
		  char *message, size_t size)
{
	struct getopt_tables g;
	const struct option_def *o;
	int found, n = 0, ret = 0;

	make_tables(&g, t);
	opterr = 0;
	optind = 0; /* begins again, in glibc */
	while (!ret && (found = getopt_long(*argc, argv, g.letters, g.option, NULL)) != -1) {
		if (found == 1) {
			/* Read already: its place, or one before it. */
			argv[n++] = optarg;
			continue;
		}
		if (found == '?' || found == ':')
			return refuse(t, found, argv[optind - 1], message, size);
		o = option_of(t, found);
		if (o == &help_option)
			return OPTIONS_HELP;
		ret = take(settings, o, optarg, message, size);
	}
	while (!ret && optind < *argc)
		argv[n++] = argv[optind++];
	if (!ret)
		argv[n] = NULL;
	*argc = ret ? *argc : n;
	return ret;
}
