// SPDX-License-Identifier: MIT
/* What a run is doing, on standard error, between windows. */
#include <math.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "run/progress.h"

static void draw_line(void *context, const char *workload, uint32_t repeat, size_t done,
		      size_t total, double left)
{
	const char *plain = context ? "" : "\r\033[K", *end = context ? "\n" : "";

	if (!total)
		fprintf(stderr, "%ssizing %s%s", plain, workload, end);
	else
		fprintf(stderr, "%s%s repeat %u, sample %zu of %zu, about %.0f s left%s", plain,
			workload, repeat + 1, done, total, ceil(left), end);
	fflush(stderr);
	/* A serial console sends by interrupts: what is queued would exit inside the next window.
	 */
	tcdrain(STDERR_FILENO);
}

void progress_show(struct options *o, enum progress_when when)
{
	if (when == PROGRESS_NONE || (when == PROGRESS_AUTO && !isatty(STDERR_FILENO)))
		return;
	o->progress = draw_line;
	o->context = when == PROGRESS_PLAIN ? o : NULL;
}

void progress_clear(const struct options *o)
{
	if (o->progress && !o->context)
		fputs("\r\033[K", stderr);
}
