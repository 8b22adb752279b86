// SPDX-License-Identifier: MIT
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "kit/memory.h"
#include "run/window.h"
#include "workload.h"

static void usage_add(struct usage *u, int who)
{
	struct rusage now;

	if (getrusage(who, &now))
		return;
	u->minor_faults += (uint64_t)now.ru_minflt;
	u->major_faults += (uint64_t)now.ru_majflt;
	u->voluntary_switches += (uint64_t)now.ru_nvcsw;
	u->involuntary_switches += (uint64_t)now.ru_nivcsw;
}

struct usage usage_read(void)
{
	struct usage u = { 0 };

	usage_add(&u, RUSAGE_SELF);
	usage_add(&u, RUSAGE_CHILDREN);
	return u;
}

struct usage usage_since(const struct usage *before)
{
	struct usage now = usage_read();

	now.minor_faults -= before->minor_faults;
	now.major_faults -= before->major_faults;
	now.voluntary_switches -= before->voluntary_switches;
	now.involuntary_switches -= before->involuntary_switches;
	return now;
}

int window_close(struct window *win, struct result_sample *s)
{
	uint32_t i, n = exitprobe_slots(win->probe);
	int ret;

	ret = exitprobe_difference(&win->before, &win->after, &win->after);
	if (ret)
		return ret;
	for (i = 0; i < n; i++) {
		s->exits[i] = win->after.count[i];
		if (s->busy)
			s->busy[i] = win->after.busy[i];
	}
	return 0;
}

int window_copy_counts(const struct exitprobe_snapshot *s, size_t n, uint64_t **out)
{
	if (!n)
		return 0;
	*out = malloc(n * sizeof(**out));
	if (!*out)
		return -ENOMEM;
	memcpy(*out, s->count, n * sizeof(**out));
	return 0;
}

/*
 * Start the loop's stack at the top of a page. If its frames lay in two pages, each fork would
 * leave one more to copy, depending on the length of the command line.
 */
__attribute__((noinline)) int window_loop(struct bench *r)
{
	char gap[(uintptr_t)__builtin_frame_address(0) % PAGE + 1];

	__asm__ volatile("" : : "r"(gap)); /* keeps the compiler from dropping it */
	return r->workload->run(r, r->ops);
}

int window_run(struct window *win, struct bench *r, struct result_sample *s)
{
	bool counting = win->probe && win->probe->backend != EXITPROBE_NONE && s->exits;
	struct usage usage = usage_read();
	uint64_t begin, end;
	int cpu, ret = 0, rc;

	cpu = sched_getcpu();
	if (counting)
		ret = exitprobe_snapshot(win->probe, 0, &win->before);
	begin = tsc_read();
	rc = window_loop(r);
	end = tsc_read();
	if (counting && !ret)
		ret = exitprobe_snapshot(win->probe, 0, &win->after);
	s->cpu = (uint32_t)sched_getcpu();
	s->migrated = (int)s->cpu != cpu;
	r->usage = usage_since(&usage);

	s->ops = r->ops;
	s->cycles = end - begin;
	s->usage =
		(struct result_usage){ r->usage.minor_faults, r->usage.major_faults,
				       r->usage.voluntary_switches, r->usage.involuntary_switches };
	if (rc)
		return rc;
	if (counting && !ret)
		ret = window_close(win, s);
	if (ret && ret != -ESTALE)
		snprintf(r->why, sizeof(r->why), "the exit counters could not be read: %s",
			 strerror(-ret));
	return ret;
}
