// SPDX-License-Identifier: MIT
// A stressor of stress-ng, one instance, n bogo operations. How many it did is read from its YAML.
// Any stressor can be named; those listed here have a workload of ours to compare with.
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/external.h"
#include "workload.h"

#define FAMILY "stress-ng."
#define REPORT "metrics.yaml"

static const unsigned int least[] = { 0, 13 }; /* first with this YAML and --stressors */

static const char *stressor(const struct bench *b)
{
	return b->workload->name + strlen(FAMILY);
}

/* Options that keep one operation small enough for a guest: the default maps 256 MiB. */
static const char *const *more_options(const char *name)
{
	static const char *const mmap[] = { "--mmap-bytes", "1m", NULL }, *const none[] = { NULL };

	return strcmp(name, "mmap") ? none : mmap;
}

static int run_stressor(struct bench *b, uint64_t n)
{
	const char *const *more = more_options(stressor(b));
	const char *argv[16];
	char which[64], count[64], ops[24];
	size_t i = 0;

	snprintf(which, sizeof(which), "--%s", stressor(b));
	snprintf(count, sizeof(count), "--%s-ops", stressor(b));
	snprintf(ops, sizeof(ops), "%" PRIu64, n);
	argv[i++] = "stress-ng";
	argv[i++] = which;
	argv[i++] = "1";
	argv[i++] = count;
	argv[i++] = ops;
	while (*more)
		argv[i++] = *more++;
	argv[i++] = "--no-rand-seed";
	argv[i++] = "--temp-path";
	argv[i++] = ".";
	argv[i++] = "--metrics";
	argv[i++] = "--yaml";
	argv[i++] = REPORT;
	argv[i] = NULL;
	return external_run(b, argv);
}

#ifdef HAVE_LIBYAML
#include <yaml.h>

/* State of a walk through the document: the current entry's stressor and key. */
struct walk {
	const char *wanted;
	char entry[64], key[64];
	bool value; /* the next scalar is the value of key */
	unsigned int depth;
	uint64_t ops;
	unsigned int found;
};

/* Its documents have three levels, and libyaml spends time on every open level at every token. */
#define DEPTH_MAX 16

static void take(struct walk *w, const char *text, size_t length)
{
	char *end;

	if (!w->value) {
		snprintf(w->key, sizeof(w->key), "%.*s", (int)length, text);
	} else if (!strcmp(w->key, "stressor")) {
		snprintf(w->entry, sizeof(w->entry), "%.*s", (int)length, text);
	} else if (!strcmp(w->key, "bogo-ops") && !strcmp(w->entry, w->wanted)) {
		errno = 0;
		w->ops = strtoull(text, &end, 10);
		if (isdigit((unsigned char)*text) && !*end && !errno && w->ops <= INT64_MAX)
			w->found++;
	}
	w->value = !w->value;
}

/* Handle one event; returns whether it was the last. */
static bool step(struct walk *w, const yaml_event_t *event)
{
	bool open =
		event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT;

	if (event->type == YAML_SCALAR_EVENT)
		take(w, (const char *)event->data.scalar.value, event->data.scalar.length);
	else
		w->value = false;
	if (open)
		w->depth++;
	if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT)
		w->depth--;
	if (event->type == YAML_MAPPING_START_EVENT)
		*w->entry = 0;
	return event->type == YAML_STREAM_END_EVENT;
}

/* 0, or the line at which it is not valid YAML. */
static size_t walk_document(struct walk *w, const char *text)
{
	yaml_parser_t parser;
	yaml_event_t event;
	size_t line = 0;
	bool end = false;

	if (!yaml_parser_initialize(&parser))
		return 1;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	while (!end && !line) {
		if (yaml_parser_parse(&parser, &event)) {
			end = step(w, &event);
			line = w->depth > DEPTH_MAX ? event.start_mark.line + 1 : 0;
			yaml_event_delete(&event);
		} else {
			line = parser.problem_mark.line + 1;
		}
	}
	yaml_parser_delete(&parser);
	return line;
}

static int account(struct bench *b)
{
	struct walk w = { .wanted = stressor(b) };
	char *text = external_read(b, REPORT);
	size_t line = text ? walk_document(&w, text) : 0;

	if (!text)
		snprintf(b->why, sizeof(b->why), "stress-ng wrote no YAML");
	else if (line)
		snprintf(b->why, sizeof(b->why), "stress-ng's output is not valid YAML at line %zu",
			 line);
	else if (w.found != 1)
		snprintf(b->why, sizeof(b->why),
			 "stress-ng's YAML has %s number of bogo-ops for %s",
			 w.found ? "more than one" : "no", w.wanted);
	else if (!w.ops)
		snprintf(b->why, sizeof(b->why), "stress-ng did no operation of %s", w.wanted);
	free(text);
	b->done = w.ops;
	return text && !line && w.found == 1 && w.ops ? 0 : -ERANGE;
}

static const char *missing_here(void)
{
	return NULL;
}
#else
static int account(struct bench *b)
{
	(void)b;
	return -ENOSYS;
}

static const char *missing_here(void)
{
	return "this program was built without libyaml (Debian: libyaml-dev)";
}
#endif

static const char *supported(struct bench *b)
{
	return missing_here() ? missing_here() : external_unusable(b, "stress-ng", least);
}

/* For a stressor that the user named: does this stress-ng have it? */
static const char *supported_made(struct bench *b)
{
	const char *why = supported(b);

	if (why || external_knows("stress-ng", "--stressors", stressor(b)))
		return why;
	snprintf(b->why, sizeof(b->why),
		 "%s has no stressor '%s': 'stress-ng --stressors' names all", b->mechanism,
		 stressor(b));
	return b->why;
}

#define STRESSOR(text, like)                                                                      \
	.summary = text, .op = "bogo op", .control = like,                                        \
	.alone = "the one instance forks processes of its own", .program = "stress-ng",           \
	.supported = supported, .setup = external_setup, .run = run_stressor, .account = account, \
	.teardown = external_teardown

WORKLOAD(stress_ng_fork) = { .name = FAMILY "fork",
			     STRESSOR("stress-ng: fork a child that ends at once", "fork.exit") };
WORKLOAD(stress_ng_fault) = { .name = FAMILY "fault",
			      STRESSOR("stress-ng: page faults of small files and memory",
				       "pagefault.anon") };
WORKLOAD(stress_ng_switch) = { .name = FAMILY "switch",
			       STRESSOR("stress-ng: context switches over a pipe", "cr3.pipe") };
WORKLOAD(stress_ng_mmap) = { .name = FAMILY "mmap",
			     STRESSOR("stress-ng: map, touch, protect and unmap 1 MiB", "munmap") };
WORKLOAD(stress_ng_sockpair) = { .name = FAMILY "sockpair",
				 STRESSOR("stress-ng: open, use and close many socket pairs",
					  "syscall") };
WORKLOAD(stress_ng_timer) = { .name = FAMILY "timer",
			      STRESSOR("stress-ng: interval timer with a signal handler",
				       "timer.busy") };

/* All others. */
static const struct workload *make(const char *variant)
{
	static const struct workload made = { STRESSOR("stress-ng: a stressor by name", NULL) };
	size_t length = strspn(variant, "abcdefghijklmnopqrstuvwxyz0123456789-");
	struct workload *w;
	char *name;

	if (!length || variant[length] || *variant == '-' || length > 40)
		return NULL;
	w = malloc(sizeof(*w));
	if (!w || asprintf(&name, FAMILY "%s", variant) < 0) {
		free(w);
		return NULL;
	}
	*w = made;
	w->name = name;
	w->supported = supported_made;
	return w;
}

WORKLOAD_FAMILY(stress_ng) = { .name = "stress-ng", .make = make };
