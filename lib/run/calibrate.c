// SPDX-License-Identifier: MIT
#include <time.h>

#include "run/calibrate.h"
#include "run/window.h"

#define BRACKETS 32
#define CLOCK_CALLS 1000

static double now_raw(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double calibrate_uptime(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct clock_origin calibrate_tsc_begin(void)
{
	return (struct clock_origin){ .tsc = tsc_read(), .seconds = now_raw() };
}

double calibrate_tsc_khz(const struct clock_origin *o)
{
	double seconds = now_raw() - o->seconds;

	return seconds > 0 ? (double)(tsc_read() - o->tsc) / seconds / 1e3 : 0;
}

static int bracket(struct window *win, uint64_t *cpuid, uint32_t *cost)
{
	int ret = exitprobe_snapshot(win->probe, 0, &win->before);

	if (!ret)
		ret = exitprobe_snapshot(win->probe, 0, &win->after);
	*cost = win->after.cost;
	if (!ret)
		ret = exitprobe_difference(&win->before, &win->after, &win->after);
	if (!ret)
		*cpuid = win->after.count[exitprobe_cpuid_slot(win->probe)];
	return ret;
}

/* Exits of a clock that is read through a device (I/O, MMIO or an MSR): one or more per call. */
static int clock_cost(struct window *win, struct result_calibration *c)
{
	struct timespec t;
	uint32_t i;
	int ret = exitprobe_snapshot(win->probe, 0, &win->before);

	for (i = 0; i < CLOCK_CALLS; i++)
		clock_gettime(CLOCK_MONOTONIC, &t);
	if (!ret)
		ret = exitprobe_snapshot(win->probe, 0, &win->after);
	if (!ret)
		ret = exitprobe_difference(&win->before, &win->after, &win->after);
	if (ret)
		return ret;
	c->clock_exits = 0;
	for (i = 0; i < exitprobe_slots(win->probe); i++)
		c->clock_exits += (uint32_t)win->after.count[i];
	return 0;
}

int calibrate(struct window *win, struct result_calibration *c)
{
	uint64_t cpuid;
	uint32_t i;
	int ret;

	/* The first bracket is not measured: it touches the pages that the others use. */
	ret = bracket(win, &cpuid, &c->bracket_cost);
	for (i = 0; i < BRACKETS && !ret; i++) {
		ret = bracket(win, &cpuid, &c->bracket_cost);
		c->brackets++;
		c->brackets_exact += !ret && cpuid == 0;
	}
	return ret ? ret : clock_cost(win, c);
}
