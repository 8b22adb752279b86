// SPDX-License-Identifier: MIT
/*
 * One sample on several vCPUs at once. Every vCPU has a worker process that sets up, waits, runs,
 * waits again, and verifies; the first worker is this process. Waiting is spinning without PAUSE:
 * sleep would exit, and so can PAUSE.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "kit/child.h"
#include "kit/cpus.h"
#include "run/window.h"
#include "run/workers.h"
#include "workload.h"

struct worker {
	struct bench run;
	int cpu;
	pid_t pid; /* 0: this process */
	int ret;
	struct workers *workers;
	/* Its vCPU's counters, from GO until its loop ends. */
	struct exitprobe_snapshot before, after;
	uint32_t cost; /* CPUID exits of both readings */
	uint64_t cycles;
};

enum order { WAIT, GO, STOP };

/* In memory that all workers share. */
struct workers {
	size_t size; /* of the mapping */
	size_t n;
	atomic_int order;
	atomic_size_t ready, done;
	const struct exitprobe *probe; /* NULL: counters of a single vCPU are not available */
	struct worker worker[];
};

static void await(struct workers *t, enum order order)
{
	while (atomic_load_explicit(&t->order, memory_order_acquire) < (int)order)
		;
}

/* One worker's share of the window. */
static void worker_run(struct worker *m)
{
	const struct exitprobe *p = m->workers->probe;
	struct usage usage = usage_read();
	uint64_t begin;

	if (p && exitprobe_snapshot(p, EXITPROBE_THIS_VCPU, &m->before))
		p = NULL;
	begin = tsc_read();
	m->ret = window_loop(&m->run);
	m->cycles = tsc_read() - begin;
	if (p && !exitprobe_snapshot(p, EXITPROBE_THIS_VCPU, &m->after))
		m->cost = m->before.cost + m->after.cost;
	m->run.usage = usage_since(&usage);
}

static int worker_setup(struct worker *m)
{
	return m->run.workload->setup ? m->run.workload->setup(&m->run) : 0;
}

static void worker_verify(struct worker *m)
{
	if (!m->ret && m->run.workload->verify)
		m->ret = m->run.workload->verify(&m->run, m->run.ops);
}

/* The whole life of a worker, in its own process. */
static int worker_body(struct bench *r)
{
	struct worker *m = r->state;

	m->run.state = NULL;
	m->ret = workload_pin(m->cpu);
	if (!m->ret)
		m->ret = worker_setup(m);
	atomic_fetch_add(&m->workers->ready, 1);
	await(m->workers, GO);
	if (!m->ret)
		worker_run(m);
	atomic_fetch_add(&m->workers->done, 1);
	await(m->workers, STOP);
	worker_verify(m);
	if (m->run.workload->teardown)
		m->run.workload->teardown(&m->run);
	return m->ret;
}

struct workers *workers_make(const struct window *win, const struct bench *r)
{
	size_t size = sizeof(struct workers) + win->cpus * sizeof(struct worker), i;
	struct workers *t = mmap(NULL, size, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct bench start = *r;
	int pid;

	if (t == MAP_FAILED)
		return NULL;
	t->size = size;
	t->n = win->cpus;
	t->probe = win->probe && exitprobe_counts_vcpu(win->probe) ? win->probe : NULL;
	for (i = 0; i < t->n; i++) {
		t->worker[i] = (struct worker){ .run = *r, .cpu = win->cpu[i], .workers = t };
		t->worker[i].run.cpu = win->cpu[i];
		start.state = &t->worker[i];
		pid = i ? workload_child(&start, worker_body) : 0;
		if (pid < 0) {
			t->n = i;
			workers_end(t);
			return NULL;
		}
		t->worker[i].pid = pid;
	}
	return t;
}

void workers_end(struct workers *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 1; i < t->n; i++)
		workload_reap(t->worker[i].pid);
	munmap(t, t->size);
}

/* Report the first failure. */
static int outcome(const struct workers *t, struct bench *r)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (!t->worker[i].ret)
			continue;
		snprintf(r->why, sizeof(r->why), "%s", t->worker[i].run.why);
		return t->worker[i].ret;
	}
	return 0;
}

static void worker_result(const struct exitprobe *p, struct worker *m, struct result_vcpu *v)
{
	uint32_t i;

	v->cpu = (uint32_t)m->cpu;
	v->cycles = m->cycles;
	if (!v->exits)
		return;
	if (!m->cost || exitprobe_difference(&m->before, &m->after, &m->after)) {
		free(v->exits);
		v->exits = NULL;
		return;
	}
	for (i = 0; i < exitprobe_slots(p); i++)
		v->exits[i] = m->after.count[i];
}

/* The workers' own readings happened inside the window of the whole VM. */
static int take_out(struct workers *t, struct window *win, struct result_sample *s)
{
	uint32_t own = exitprobe_cpuid_slot(win->probe), cost = 0;
	size_t i;

	for (i = 0; i < t->n; i++)
		cost += t->worker[i].cost;
	if (s->exits[own] < cost)
		return -ERANGE;
	s->exits[own] -= cost;
	return 0;
}

static int collect(struct workers *t, struct window *win, struct bench *r, struct result_sample *s)
{
	const struct usage *u;
	size_t i;

	s->ops = r->ops * t->n;
	for (i = 0; i < t->n; i++) {
		u = &t->worker[i].run.usage;
		s->usage.minor_faults += u->minor_faults;
		s->usage.major_faults += u->major_faults;
		s->usage.voluntary_switches += u->voluntary_switches;
		s->usage.involuntary_switches += u->involuntary_switches;
	}
	for (i = 0; i < s->vcpus && i < t->n; i++)
		worker_result(win->probe, &t->worker[i], &s->vcpu[i]);
	return outcome(t, r);
}

/* All have finished; end the others, which verify first. */
static void dismiss(struct workers *t)
{
	size_t i;

	atomic_store(&t->order, STOP);
	for (i = 1; i < t->n; i++) {
		while (waitpid(t->worker[i].pid, NULL, 0) < 0 && errno == EINTR && !interrupted)
			;
		t->worker[i].pid = 0;
	}
}

static int everybody(struct workers *t, atomic_size_t *count)
{
	while (atomic_load_explicit(count, memory_order_acquire) < t->n)
		if (interrupted)
			return -EINTR;
	return 0;
}

int workers_sample(struct workers *t, struct window *win, struct bench *r, struct result_sample *s)
{
	struct worker *self = &t->worker[0];
	bool counting = win->probe && win->probe->backend != EXITPROBE_NONE && s->exits;
	uint64_t begin;
	int ret;

	self->ret = worker_setup(self);
	r->state = self->run.state; /* for teardown(), also after an error */
	atomic_fetch_add(&t->ready, 1);
	ret = everybody(t, &t->ready);
	ret = ret ? ret : outcome(t, r);
	if (!ret && counting)
		ret = exitprobe_snapshot(win->probe, 0, &win->before);
	if (ret)
		return ret;
	begin = tsc_read();
	atomic_store_explicit(&t->order, GO, memory_order_release);
	worker_run(self);
	atomic_fetch_add(&t->done, 1);
	ret = everybody(t, &t->done);
	s->cycles = tsc_read() - begin;
	if (!ret && counting)
		ret = exitprobe_snapshot(win->probe, 0, &win->after);
	s->cpu = (uint32_t)sched_getcpu();
	s->migrated = (int)s->cpu != self->cpu;
	if (ret)
		return ret;
	dismiss(t);
	worker_verify(self);
	r->state = self->run.state;
	if (counting)
		ret = window_close(win, s);
	if (!ret && counting)
		ret = take_out(t, win, s);
	return ret ? ret : collect(t, win, r, s);
}
