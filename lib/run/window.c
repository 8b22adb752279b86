// SPDX-License-Identifier: MIT
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "run/run.h"

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

/* Steal time of one CPU, in ticks: field 8 of its line in /proc/stat. 0 when it cannot be read. */
static uint64_t steal_read(int cpu)
{
	unsigned long long v[8] = { 0 };
	char line[512], label[16];
	FILE *f = fopen("/proc/stat", "re");
	size_t length;

	if (!f)
		return 0;
	length = (size_t)snprintf(label, sizeof(label), "cpu%d ", cpu);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, label, length))
			continue;
		sscanf(line + length, "%llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1],
		       &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]);
		break;
	}
	fclose(f);
	return v[7];
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

/*
 * The loop has its stack from the top of a page on. Were its frames in two pages, each fork would
 * leave one more to be copied, and the length of the command line would decide that.
 */
__attribute__((noinline)) int window_loop(struct run *r)
{
	char gap[(uintptr_t)__builtin_frame_address(0) % PAGE + 1];

	__asm__ volatile("" : : "r"(gap)); /* it is not left out */
	return r->workload->run(r, r->ops);
}

int window_run(struct window *win, struct run *r, struct result_sample *s)
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
	if (ret)
		snprintf(r->why, sizeof(r->why), "the exit counters could not be read: %s",
			 strerror(-ret));
	return ret;
}

/*
 * A stuck workload: the first SIGALRM gives EINTR to one that blocks in a system call, the second
 * leaves one that loops. Neither is sent in a run that goes well.
 */
static sigjmp_buf stuck;
static volatile sig_atomic_t alarms;

static void on_alarm(int number)
{
	(void)number;
	if (alarms++)
		siglongjmp(stuck, 1);
}

static void watchdog(double seconds)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval timer = { .it_value = { .tv_sec = (time_t)seconds },
				   .it_interval = { .tv_sec = 5 } };

	alarms = 0;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void watchdog_off(void)
{
	struct itimerval off = { 0 };

	setitimer(ITIMER_REAL, &off, NULL);
}

static int sample_steps(struct window *win, struct run *r, struct result_sample *s,
			struct team *team)
{
	const struct workload *w = r->workload;
	volatile int ret = 0; /* lives across the jump */

	if (sigsetjmp(stuck, 1))
		return -ETIMEDOUT;
	if (team)
		return team_sample(team, win, r, s);
	if (w->setup)
		ret = w->setup(r);
	if (!ret)
		ret = window_run(win, r, s);
	if (!ret && w->account) {
		ret = w->account(r);
		s->ops = r->done;
	}
	if (!ret && w->verify)
		ret = w->verify(r, r->ops);
	return ret;
}

static const char *failure(int error, double timeout, char *buffer, size_t size)
{
	if (error == -ERANGE)
		return "the kernel accounted for other work than was asked for";
	if (error != -ETIMEDOUT)
		return strerror(-error);
	snprintf(buffer, size, "one sample took longer than %.0f s", timeout);
	return buffer;
}

int sample_run(struct window *win, struct run *r, struct result_sample *s, double timeout)
{
	uint64_t steal = steal_read(r->cpu);
	struct team *team = NULL;
	char buffer[64];
	int ret = 0;

	r->why[0] = 0;
	r->state = NULL;
	r->done = 0;
	if (win->cpus > 1) {
		team = team_make(win, r);
		ret = team ? 0 : -EAGAIN;
	}
	watchdog(timeout);
	if (!ret)
		ret = sample_steps(win, r, s, team);
	if (alarms)
		ret = -ETIMEDOUT;
	if (r->workload->teardown)
		r->workload->teardown(r);
	watchdog_off();
	team_end(team);
	s->steal = steal_read(r->cpu) - steal;
	if (ret && !r->why[0])
		snprintf(r->why, sizeof(r->why), "%s",
			 failure(ret, timeout, buffer, sizeof(buffer)));
	return ret;
}
