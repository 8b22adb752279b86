// SPDX-License-Identifier: MIT
#include "witness/ring.h"

#include <inttypes.h>
#include <stdlib.h>

#include "witness/pause.h"

#define BITMAP_LEAF 0x4fffff04u /* kernel-patch/ABI.md */
#define COUNT_LEAF 0x4fffff02u

/* " qemu-system-x86-126     [000] d..1.            4: kvm_exit: vcpu 0 reason ..." */
struct event {
	uint64_t thread, clock;
	struct scan name, body;
};

struct parser {
	struct ring *ring;
	const struct ring_context *context;
	struct problem *problem;
	struct fault *fault;
};

/* The number behind the last '-' before `end`: a program's name may hold any byte. */
static bool read_thread(const char *begin, const char *end, uint64_t *thread)
{
	const char *at = end;
	struct scan s;

	while (at > begin && at[-1] >= '0' && at[-1] <= '9')
		at--;
	if (at == begin || at[-1] != '-')
		return false;
	s = (struct scan){ at, end };
	return scan_number(&s, 10, INT32_MAX, thread) == SCAN_OK;
}

/* Behind the '[' of the processor. */
static bool read_rest(struct scan s, struct event *e)
{
	struct scan flags;
	uint64_t cpu;

	if (scan_number(&s, 10, INT32_MAX, &cpu) || !scan_literal(&s, "] ") ||
	    !scan_until(&s, " ", &flags))
		return false;
	scan_blanks(&s);
	if (scan_number(&s, 10, UINT64_MAX, &e->clock) || !scan_literal(&s, ": ") ||
	    !scan_until(&s, ": ", &e->name))
		return false;
	e->body = s;
	return true;
}

/* The last place that looks like it: names of programs, which come before, can look like it too. */
static bool read_event(const struct scan *line, struct event *e)
{
	struct scan s = *line, before;
	bool found = false;
	struct event tried;
	const char *end;

	while (scan_until(&s, "[", &before)) {
		end = before.end;
		while (end > line->at && end[-1] == ' ')
			end--;
		if (!read_rest(s, &tried) || !read_thread(line->at, end, &tried.thread))
			continue;
		*e = tried;
		found = true;
	}
	return found;
}

static bool is(const struct scan *s, const char *text)
{
	struct scan copy = *s;

	return scan_literal(&copy, text) && scan_done(&copy);
}

static int add_exit(struct parser *p, int slot)
{
	struct ring *r = p->ring;
	int16_t *grown;

	if (r->exits == r->room) {
		r->room = r->room ? 2 * r->room : 256;
		grown = reallocarray(r->exit, r->room, sizeof(*grown));
		if (!grown)
			return fault_memory(p->fault);
		r->exit = grown;
	}
	r->exit[r->exits++] = (int16_t)slot;
	return 0;
}

/* "vcpu 0 reason PF excp rip 0x4104a4 info1 ..." */
static bool read_exit(struct parser *p, struct scan s, int *ret)
{
	struct scan reason;
	uint64_t number;
	uint32_t code;
	int slot = -1;

	if (!scan_literal(&s, "vcpu ") || scan_number(&s, 10, UINT32_MAX, &number) ||
	    !scan_literal(&s, " reason ") || !scan_until(&s, " rip 0x", &reason) ||
	    scan_number(&s, 16, UINT64_MAX, &number))
		return false;
	if (names_code(p->context->names, &reason, &code))
		slot = reading_slot_of(p->context->reading, code);
	else
		problem_is(p->problem,
			   "the ring buffer names a reason that its format does not: %.*s",
			   scan_shown(&reason), reason.at);
	if (slot < 0)
		problem_is(p->problem,
			   "the ring buffer has an exit for which the guest's reading has no "
			   "counter: %.*s",
			   scan_shown(&reason), reason.at);
	*ret = add_exit(p, slot);
	return true;
}

/* "func 4fffff02 idx 89 rax 2 ..." */
static bool read_cpuid(struct parser *p, struct scan s)
{
	struct ring *r = p->ring;
	uint64_t leaf, subleaf;

	if (!scan_literal(&s, "func ") || scan_number(&s, 16, UINT32_MAX, &leaf) ||
	    !scan_literal(&s, " idx ") || scan_number(&s, 16, UINT32_MAX, &subleaf) ||
	    !scan_literal(&s, " rax "))
		return false;
	if (r->events == 1)
		r->marked = leaf == MARKER_LEAF && subleaf == MARKER_SUBLEAF;
	else if (leaf == MARKER_LEAF && subleaf == MARKER_SUBLEAF && r->exits)
		r->ended = r->exits - 1; /* without its own */
	if (leaf == BITMAP_LEAF && subleaf < EXITPROBE_SLOTS / BITMAP_SLOTS)
		r->bitmap[subleaf] = r->exits;
	if (leaf == COUNT_LEAF && subleaf < EXITPROBE_SLOTS)
		r->answered[subleaf] = r->exits;
	return true;
}

static void check_event(struct parser *p, const struct event *e)
{
	struct ring *r = p->ring;

	if (vcpus_guest(p->context->vcpus, e->thread) != p->context->guest)
		problem_is(p->problem,
			   "the ring buffer has an event of thread %" PRIu64
			   ", which is no vCPU of this inner VM",
			   e->thread);
	/* Its clock is a counter (scripts/guest/init.outer). */
	if (r->events && e->clock < r->clock)
		problem_is(p->problem,
			   "the ring buffer is out of order: event %" PRIu64
			   " comes after %" PRIu64,
			   e->clock, r->clock);
	r->clock = e->clock;
	r->events++;
}

/* "# entries-in-buffer/entries-written: 52/52   #P:1" */
static bool read_head(struct parser *p, struct scan s)
{
	struct ring *r = p->ring;

	if (!scan_literal(&s, "# entries-in-buffer/entries-written: "))
		return *s.at == '#' && (scan_length(&s) == 1 || s.at[1] == ' ');
	if (r->counted || scan_number(&s, 10, INT64_MAX, &r->held) || !scan_literal(&s, "/") ||
	    scan_number(&s, 10, INT64_MAX, &r->written))
		return false;
	r->counted = true;
	if (r->held != r->written)
		problem_is(p->problem, "the ring buffer has lost events: %" PRIu64 "/%" PRIu64,
			   r->held, r->written);
	return true;
}

static bool read_line(struct parser *p, const struct scan *line, int *ret)
{
	struct event e;

	if (scan_done(line))
		return false;
	if (*line->at == '#')
		return read_head(p, *line);
	if (!read_event(line, &e))
		return false;
	check_event(p, &e);
	if (is(&e.name, "kvm_exit"))
		return read_exit(p, e.body, ret);
	return is(&e.name, "kvm_cpuid") && read_cpuid(p, e.body);
}

int ring_parse(struct ring *r, const struct text *t, const struct ring_context *c,
	       struct problem *p, struct fault *f)
{
	struct parser parser = { r, c, p, f };
	struct lines l = LINES_OF(t);
	size_t i;
	int ret = 0;

	*r = (struct ring){ .ended = RING_NEVER };
	for (i = 0; i < EXITPROBE_SLOTS; i++)
		r->answered[i] = RING_NEVER;
	for (i = 0; i < EXITPROBE_SLOTS / BITMAP_SLOTS; i++)
		r->bitmap[i] = RING_NEVER;
	while (!ret && lines_next(&l))
		if (!read_line(&parser, &l.line, &ret) || !l.whole)
			problem_is(p, "line %zu of the ring buffer is not understood: %.*s",
				   l.number, scan_shown(&l.line), l.line.at);
	return ret;
}

void ring_check_count(const struct ring *r, struct problem *p)
{
	if (!r->counted)
		problem_is(p, "the ring buffer does not say how many events it holds");
	else if (r->held != r->events)
		problem_is(p,
			   "the ring buffer holds %" PRIu64 " events, and the text of %zu was sent",
			   r->held, r->events);
}

size_t ring_before(const struct ring *r, uint32_t slot_number)
{
	if (r->ended != RING_NEVER)
		return r->ended;
	if (r->answered[slot_number] != RING_NEVER)
		return r->answered[slot_number];
	return r->bitmap[slot_number / BITMAP_SLOTS];
}

void ring_free(struct ring *r)
{
	free(r->exit);
	r->exit = NULL;
	r->exits = r->room = 0;
}
