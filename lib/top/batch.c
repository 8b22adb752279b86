// SPDX-License-Identifier: MIT
/* Lines for logs, and CSV: one per reason and interval, and one for their sum. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <time.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "top/top.h"

static void put_head(const struct top_settings *s, FILE *out)
{
	if (s->csv)
		fputs("time,seconds,vcpu,reason,name,class,exits,per_second,busy_cycles,own\n",
		      out);
	else
		fprintf(out, "%-20s %8s %4s %12s %12s %8s  %s\n", "TIME", "SECONDS", "VCPU",
			"EXITS", "PER_SECOND", "OWN", "REASON");
	/* A reader of this line knows that counting has started. */
	fflush(out);
}

static void put_line(const struct top *t, const struct top_settings *s, const struct top_account *a,
		     const struct top_row *row, const char *when, FILE *out)
{
	char vcpu[16] = "all";

	if (a->cpu >= 0)
		snprintf(vcpu, sizeof(vcpu), "%d", a->cpu);
	if (s->csv) {
		fprintf(out, "%s,%.6f,%s,%s,%s,%s,%" PRIu64 ",%.3f,", when, t->seconds, vcpu,
			row->key, row->name, row->exit_class, row->delta, row->rate);
		if (t->probe->cycles && *row->exit_class)
			fprintf(out, "%" PRIu64, row->busy);
		fputc(',', out);
		if (!*row->exit_class && a->cpu < 0)
			fprintf(out, "%" PRIu64, t->own);
		fputc('\n', out);
		return;
	}
	fprintf(out, "%-20s %8.3f %4s %12" PRIu64 " %12.1f ", when, t->seconds, vcpu, row->delta,
		row->rate);
	if (*row->exit_class)
		fprintf(out, "%8s  %s (%s)\n", "", row->name, row->key);
	else if (a->cpu < 0)
		fprintf(out, "%8" PRIu64 "  all\n", t->own);
	else
		fprintf(out, "%8s  all\n", "");
}

static void put_account(const struct top *t, const struct top_settings *s,
			const struct top_account *a, const char *when, FILE *out)
{
	struct top_rows rows;
	struct top_row all = { .key = "total", .name = "all", .exit_class = "" };
	size_t i;

	top_rows(&rows, t, a, s->order, false, s->filter);
	all.delta = rows.delta;
	all.rate = rows.rate;
	put_line(t, s, a, &all, when, out);
	for (i = 0; i < rows.rows; i++)
		if (rows.row[i].delta)
			put_line(t, s, a, &rows.row[i], when, out);
}

static void sleep_until(double when)
{
	double left = when - clock_seconds();
	struct timespec t;

	if (left <= 0 || interrupted)
		return;
	t = (struct timespec){ (time_t)left, (long)((left - floor(left)) * 1e9) };
	nanosleep(&t, NULL);
}

int top_batch(struct top *t, const struct top_settings *s, FILE *out)
{
	char when[32];
	struct tm tm;
	time_t now;
	bool last = false;
	uint64_t i;
	int ret = 0, v;

	put_head(s, out);
	/* A signal ends the interval early; what was counted until then is printed. */
	for (i = 0; (!s->count || i < s->count) && !last && !ret; i++) {
		sleep_until(t->at + s->interval);
		last = interrupted;
		ret = top_look(t);
		if (ret)
			break;
		now = time(NULL);
		gmtime_r(&now, &tm);
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
		put_account(t, s, &t->vm, when, out);
		for (v = 0; t->per_vcpu && v < t->vcpus; v++)
			put_account(t, s, &t->vcpu[v], when, out);
		if (fflush(out))
			ret = -errno;
	}
	return ret;
}
