// SPDX-License-Identifier: MIT
#include "run/sample.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "run/steal.h"
#include "run/window.h"
#include "run/workers.h"
#include "workload.h"

/*
 * Watchdog for a stuck workload: the first SIGALRM interrupts a blocking system call (EINTR), the
 * second jumps out of a loop. Neither fires in a normal run.
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

static int sample_steps(struct window *win, struct bench *r, struct result_sample *s,
			struct workers *workers)
{
	const struct workload *w = r->workload;
	volatile int ret = 0; /* must survive the jump */

	if (sigsetjmp(stuck, 1))
		return -ETIMEDOUT;
	if (workers)
		return workers_sample(workers, win, r, s);
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
		return "the kernel accounted for different work than was requested";
	if (error == -ESTALE)
		return "nobody counts into the exit pages any more: the host's 'suite attach' has "
		       "ended, or this VM has moved";
	if (error == -ENODATA)
		return "exits came late to the exit pages: the host could not write to them for a "
		       "while";
	if (error != -ETIMEDOUT)
		return strerror(-error);
	snprintf(buffer, size, "one sample took longer than %.0f s", timeout);
	return buffer;
}

int sample_run(struct window *win, struct bench *r, struct result_sample *s, double timeout)
{
	uint64_t steal = steal_read(r->cpu);
	struct workers *workers = NULL;
	char buffer[64];
	int ret = 0;

	r->why[0] = 0;
	r->state = NULL;
	r->done = 0;
	if (win->cpus > 1) {
		workers = workers_make(win, r);
		ret = workers ? 0 : -EAGAIN;
	}
	watchdog(timeout);
	if (!ret)
		ret = sample_steps(win, r, s, workers);
	/* Exit pages stay as they are when nobody counts any more. Outside of the window, as it
	 * exits. */
	if (!ret && win->probe && win->probe->backend == EXITPROBE_PAGE)
		ret = exitprobe_check(win->probe, &win->before, NULL);
	if (alarms)
		ret = -ETIMEDOUT;
	if (r->workload->teardown)
		r->workload->teardown(r);
	watchdog_off();
	workers_end(workers);
	s->steal = steal_read(r->cpu) - steal;
	if (ret && !r->why[0])
		snprintf(r->why, sizeof(r->why), "%s",
			 failure(ret, timeout, buffer, sizeof(buffer)));
	return ret;
}
