// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cpu.h"
#include "top/top.h"

static struct top_account *account_of(struct top *t, int cpu)
{
	int i;

	for (i = 0; i < t->vcpus; i++)
		if (t->vcpu[i].cpu == cpu)
			return &t->vcpu[i];
	return NULL;
}

/*
 * Close the interval of one account. `last` includes the exits of its own reading; all others of
 * ours since are outstanding, and are subtracted with the cost of this one.
 */
static int account_close(struct top_account *a, struct exitprobe_snapshot *now)
{
	struct exitprobe_snapshot difference = *now;
	uint32_t i;
	int ret = 0;

	memset(a->delta, 0, sizeof(a->delta));
	memset(a->busy, 0, sizeof(a->busy));
	if (!a->started) {
		memset(a->total, 0, sizeof(a->total));
		memset(a->total_busy, 0, sizeof(a->total_busy));
	} else {
		difference.cost += a->outstanding;
		ret = exitprobe_difference(&a->last, &difference, &difference);
	}
	for (i = 0; a->started && !ret && i < EXITPROBE_SLOTS; i++) {
		a->delta[i] = difference.count[i];
		a->busy[i] = difference.busy[i];
		a->total[i] += difference.count[i];
		a->total_busy[i] += difference.busy[i];
	}
	a->last = *now;
	a->outstanding = 0;
	a->started = true;
	return ret;
}

/* Read on one CPU; a reading becomes outstanding in every other account that counts it. */
static int account_read(struct top *t, struct top_account *a, int cpu, unsigned int flags)
{
	struct top_account *here = account_of(t, cpu);
	struct exitprobe_snapshot now;
	uint32_t cost = 0;
	int ret = cpu_pin(cpu);

	if (!ret)
		ret = exitprobe_check(t->probe, NULL, &cost);
	if (!ret)
		ret = exitprobe_snapshot(t->probe, flags, &now);
	if (ret)
		return ret;
	now.cost += cost;
	if (a != &t->vm)
		t->vm.outstanding += now.cost;
	if (here && a != here)
		here->outstanding += now.cost;
	t->own += now.cost;
	return account_close(a, &now);
}

static int read_all(struct top *t)
{
	int i, ret;

	t->own = 0;
	ret = account_read(t, &t->vm, t->home, 0);
	for (i = 0; i < t->vcpus && !ret; i++) {
		/* An account that is not read now starts again when it is needed. */
		if (t->per_vcpu)
			ret = account_read(t, &t->vcpu[i], t->vcpu[i].cpu, EXITPROBE_THIS_VCPU);
		else
			t->vcpu[i].started = false;
	}
	/* Let the other vCPUs sleep: continue on the CPU where the VM's account is read. */
	return t->per_vcpu && !ret ? cpu_pin(t->home) : ret;
}

static void remember(struct top *t)
{
	const size_t at = t->looks % TOP_HISTORY;
	double all = 0;
	uint32_t i;

	for (i = 0; i < EXITPROBE_SLOTS; i++) {
		t->history[i][at] = (float)((double)t->vm.delta[i] / t->seconds);
		all += (double)t->vm.delta[i];
	}
	t->history[EXITPROBE_SLOTS][at] = (float)(all / t->seconds);
	t->looks++;
}

static int find_cpus(struct top *t)
{
	cpu_set_t set;
	int i;

	if (sched_getaffinity(0, sizeof(set), &set))
		return -errno;
	for (i = 0; i < CPU_SETSIZE && t->vcpus < TOP_VCPUS; i++)
		if (CPU_ISSET((size_t)i, &set))
			t->vcpu[t->vcpus++].cpu = i;
	/* The last CPU: the first one takes most interrupts. */
	t->home = t->vcpu[t->vcpus - 1].cpu;
	return 0;
}

int top_open(struct top *t, const struct exitprobe *p, bool per_vcpu)
{
	int ret;

	*t = (struct top){ .probe = p, .per_vcpu = per_vcpu, .vm.cpu = -1 };
	t->vcpu = calloc(TOP_VCPUS, sizeof(*t->vcpu));
	t->history = calloc(EXITPROBE_SLOTS + 1, sizeof(*t->history));
	ret = t->vcpu && t->history ? find_cpus(t) : -ENOMEM;
	if (!ret)
		ret = read_all(t);
	t->begun = t->at = clock_seconds();
	t->own = 0;
	if (ret)
		top_close(t);
	return ret;
}

int top_look(struct top *t)
{
	double now = clock_seconds();
	int ret;

	t->seconds = fmax(now - t->at, 1e-6);
	t->at = now;
	ret = read_all(t);
	t->own_total += t->own;
	if (!ret)
		remember(t);
	return ret;
}

void top_close(struct top *t)
{
	free(t->vcpu);
	free(t->history);
	t->vcpu = NULL;
	t->history = NULL;
}

double top_past(const struct top *t, uint32_t slot, size_t age)
{
	if (age >= t->looks || age >= TOP_HISTORY)
		return NAN;
	return t->history[slot][(t->looks - 1 - age) % TOP_HISTORY];
}
