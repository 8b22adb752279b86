// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "boot/boot.h"
#include "guest/guest.h"
#include "run/calibrate.h"

static double uptime(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int boot_read(struct boot_reading *b)
{
	int ret;

	ret = exitprobe_open(&b->probe, NULL);
	if (!ret)
		ret = exitprobe_snapshot(&b->probe, 0, &b->counters);
	b->uptime = uptime();
	if (ret && !*b->probe.why)
		snprintf(b->probe.why, sizeof(b->probe.why), "the counters cannot be read: %s",
			 strerror(-ret));
	return ret;
}

/* Seconds from the kernel's start to the last mark. */
static double marked(const struct result *r)
{
	double cycles = 0;
	size_t i, j;

	for (i = 0; i < r->workloads; i++)
		for (j = 0; j < r->workload[i].samples; j++)
			cycles += (double)r->workload[i].sample[j].cycles;
	return r->calibration.tsc_khz > 0 ? cycles / r->calibration.tsc_khz / 1e3 : 0;
}

/* A reset keeps the VM and its counters, but the kernel's clock starts again. */
bool boot_same(const struct result *r, const struct boot_reading *b)
{
	return r->instance == b->probe.instance && r->backend == b->probe.backend &&
	       marked(r) <= b->uptime;
}

/* Counts of a file are indexed by the reasons that it names; here by slot. */
static void spread(const struct result *to, uint64_t *count, const struct result *from,
		   const uint64_t *old)
{
	size_t i, j;

	for (i = 0; old && i < from->reasons; i++)
		for (j = 0; j < to->reasons; j++)
			if (to->reason[j] == from->reason[i])
				count[j] = old[i];
}

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

static int copy_workload(struct result *r, const struct result *old,
			 const struct result_workload *from)
{
	struct result_workload *w = result_add_workload(r);
	struct result_sample *s;
	size_t i;

	if (!w)
		return -ENOMEM;
	w->name = copy(from->name);
	w->summary = copy(from->summary);
	w->op = copy(from->op);
	for (i = 0; i < from->samples; i++) {
		s = result_add_sample(r, w);
		if (!s)
			return -ENOMEM;
		s->order = from->sample[i].order;
		s->ops = from->sample[i].ops;
		s->cycles = from->sample[i].cycles;
		spread(r, s->exits, old, from->sample[i].exits);
		spread(r, s->busy, old, from->sample[i].busy);
	}
	return 0;
}

static int copy_old(struct result *r, const struct result *old)
{
	size_t i;
	int ret = 0;

	free(r->started);
	r->started = copy(old->started);
	r->calibration = old->calibration;
	spread(r, r->before, old, old->before);
	for (i = 0; i < old->workloads && !ret; i++)
		ret = copy_workload(r, old, &old->workload[i]);
	return ret;
}

/*
 * At the first mark /proc and /sys are often not mounted yet, so what a later mark finds wins;
 * labels that the caller gave at an earlier mark remain.
 */
static int add_labels(struct result *r, const struct result *old, const struct exitprobe *p)
{
	struct result now = { 0 };
	const char *before;
	size_t i;
	int ret;

	ret = environment_describe(&now, p);
	for (i = 0; i < now.labels && !ret; i++) {
		before = old ? result_label(old, now.label[i].name) : NULL;
		if (!before || strcmp(now.label[i].value, "unknown") != 0)
			before = now.label[i].value;
		if (!result_label(r, now.label[i].name))
			ret = result_add_label(r, now.label[i].name, "%s", before);
	}
	for (i = 0; old && i < old->labels && !ret; i++)
		if (!result_label(r, old->label[i].name))
			ret = result_add_label(r, old->label[i].name, "%s", old->label[i].value);
	result_free(&now);
	return ret;
}

/* Early in a boot the kernel has not measured the TSC rate yet. */
static double measure_khz(void)
{
	struct clock_origin origin = calibrate_tsc_begin();

	usleep(20000);
	return calibrate_tsc_khz(&origin);
}

/* Busy cycles of one reason over all marks so far, that is since the VM started. */
static uint64_t busy_so_far(const struct result *r, size_t reason)
{
	uint64_t sum = 0;
	size_t i, j;

	for (i = 0; i < r->workloads; i++)
		for (j = 0; j < r->workload[i].samples; j++)
			if (r->workload[i].sample[j].busy)
				sum += r->workload[i].sample[j].busy[reason];
	return sum;
}

/* The exits since the previous mark, without those of this mark's own detection and reading. */
static int fill_sample(struct result_sample *s, struct result *r, const uint64_t *last,
		       const struct boot_reading *b)
{
	const uint32_t own = b->probe.open_cost + b->counters.cost;
	size_t i;

	for (i = 0; i < r->reasons; i++) {
		s->exits[i] = b->counters.count[i] - last[i];
		s->busy[i] = b->counters.busy[i] - busy_so_far(r, i);
		if (i == b->counters.cpuid_slot)
			s->exits[i] -= own;
		if (s->exits[i] > b->counters.count[i])
			return -ERANGE;
		r->after[i] = b->counters.count[i];
	}
	return 0;
}

static int add_mark(struct result *r, const uint64_t *last, const struct boot_reading *b,
		    const char *name)
{
	const double before = marked(r);
	struct result_workload *w = result_add_workload(r);
	struct result_sample *s;

	if (!w || asprintf(&w->name, BOOT_PREFIX "%s", name) < 0)
		return -ENOMEM;
	w->summary =
		strdup(r->workloads == 1 ? "from the start of the VM" : "from the previous mark");
	w->op = strdup("boot");
	if (!result_add_sample(r, w))
		return -ENOMEM;
	s = result_add_sample(r, w);
	if (!s)
		return -ENOMEM;
	s->ops = 1;
	s->order = (uint32_t)r->workloads - 1;
	s->cycles = (uint64_t)((b->uptime - before) * r->calibration.tsc_khz * 1e3);
	return fill_sample(s, r, last, b);
}

int boot_mark(struct result *r, const struct result *old, const struct boot_reading *b,
	      const char *name)
{
	uint64_t *last;
	int ret;

	ret = environment_probe(r, &b->probe);
	if (!ret)
		ret = add_labels(r, old, &b->probe);
	if (ret)
		return ret;
	r->before = calloc(r->reasons, sizeof(*r->before));
	r->after = calloc(r->reasons, sizeof(*r->after));
	last = calloc(r->reasons, sizeof(*last));
	if (!r->before || !r->after || !last)
		ret = -ENOMEM;
	else if (old)
		ret = copy_old(r, old);
	else
		memcpy(r->before, b->counters.count, r->reasons * sizeof(*r->before));
	if (!ret && old)
		spread(r, last, old, old->after);
	if (!(r->calibration.tsc_khz > 0))
		r->calibration.tsc_khz = measure_khz();
	if (!ret)
		ret = add_mark(r, last, b, name);
	r->fingerprint = exitprobe_fingerprint(&b->probe, &b->counters);
	r->repeat = 1;
	r->complete = true;
	free(last);
	return ret;
}
