// SPDX-License-Identifier: MIT
/*
 * OpenMetrics 1.0 in its part that the Prometheus text format shares, so that both read it: gauges
 * and histograms. Counts since the VM started are gauges of one moment here, not counters: nobody
 * will see this file's series grow.
 */
#include <math.h>

#include "report/report.h"

static void put_label(FILE *out, const char *name, const char *value, bool first)
{
	fprintf(out, "%s%s=\"", first ? "" : ",", name);
	for (; value && *value; value++) {
		if (*value == '\\' || *value == '"')
			fprintf(out, "\\%c", *value);
		else if (*value == '\n')
			fputs("\\n", out);
		else
			fputc(*value, out);
	}
	fputc('"', out);
}

static void begin(FILE *out, const char *metric, const struct side *side)
{
	fprintf(out, "%s{", metric);
	put_label(out, "side", side->label, true);
	put_label(out, "vendor", exitprobe_vendor_name(side->result->vendor), false);
	put_label(out, "paging", exitprobe_paging_name(side->result->paging), false);
}

static void family(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

static void put_workload_value(FILE *out, const char *metric, const struct side *side,
			       const struct estimate_workload *w, const char *exit_class,
			       double value)
{
	if (!isfinite(value))
		return;
	begin(out, metric, side);
	put_label(out, "workload", w->w->name, false);
	put_label(out, "op", w->w->op, false);
	if (exit_class)
		put_label(out, "class", exit_class, false);
	/* No "-0". */
	fprintf(out, "} %.10g\n", value + 0.0);
}

struct quantity {
	const char *metric, *help;
	double (*of)(const struct estimate_class *c);
};

static double est(const struct estimate_class *c)
{
	return c->per_op.interval.est;
}

static double low(const struct estimate_class *c)
{
	return c->per_op.interval.lo;
}

static double high(const struct estimate_class *c)
{
	return c->per_op.interval.hi;
}

static void put_exits(FILE *out, const struct sides *s)
{
	static const struct quantity all[] = {
		{ "kvm_exits_per_op", "VM exits of one operation, by class.", est },
		{ "kvm_exits_per_op_lower", "Lower end of the interval of kvm_exits_per_op.", low },
		{ "kvm_exits_per_op_upper", "Upper end of the interval of kvm_exits_per_op.",
		  high },
	};
	const struct estimate_workload *w;
	size_t i, j, k, q;

	for (q = 0; q < sizeof(all) / sizeof(*all); q++) {
		family(out, all[q].metric, "gauge", all[q].help);
		for (i = 0; i < s->sides; i++)
			for (j = 0; j < s->side[i].e.workloads; j++) {
				w = &s->side[i].e.workload[j];
				for (k = 0; k < w->classes; k++)
					put_workload_value(
						out, all[q].metric, &s->side[i], w,
						exitprobe_class_name(w->exit_class[k].exit_class),
						all[q].of(&w->exit_class[k]));
			}
	}
}

static void put_times(FILE *out, const struct sides *s)
{
	const struct side *side;
	size_t i, j;

	family(out, "kvm_op_seconds", "gauge",
	       "Duration of one operation; the emulator's where kvm_exit_suite_info says so.");
	for (i = 0; i < s->sides; i++) {
		side = &s->side[i];
		for (j = 0; j < side->e.workloads; j++)
			put_workload_value(out, "kvm_op_seconds", side, &side->e.workload[j], NULL,
					   side->e.workload[j].cycles.interval.est *
						   side->e.ns_per_cycle * 1e-9);
	}
}

static void put_counters(FILE *out, const struct sides *s)
{
	const struct counts *t;
	size_t i, j;

	family(out, "kvm_exits_since_start", "gauge",
	       "VM exits since the VM started, when the run ended.");
	for (i = 0; i < s->sides; i++) {
		t = &s->side[i].after;
		for (j = 0; j < t->rows; j++) {
			begin(out, "kvm_exits_since_start", &s->side[i]);
			put_label(out, "reason", t->row[j].key, false);
			put_label(out, "name", t->row[j].name, false);
			put_label(out, "class", exitprobe_class_name(t->row[j].exit_class), false);
			fprintf(out, "} %llu\n", (unsigned long long)t->row[j].count);
		}
	}
}

static void put_bucket(FILE *out, const struct side *side, const struct exit_time_row *row,
		       const char *suffix, const char *le, uint64_t n)
{
	char metric[64];

	snprintf(metric, sizeof(metric), "kvm_exit_busy_cycles%s", suffix);
	begin(out, metric, side);
	put_label(out, "reason", row->key, false);
	put_label(out, "name", row->name, false);
	if (le)
		put_label(out, "le", le, false);
	fprintf(out, "} %llu\n", (unsigned long long)n);
}

static void put_histogram(FILE *out, const struct side *side, const struct exit_time_row *row)
{
	uint64_t sum = 0;
	unsigned int i;
	char le[32];

	for (i = row->first; i <= row->last; i++) {
		sum += row->bucket[i];
		/* A bucket ends before the next power of two. */
		snprintf(le, sizeof(le), "%.1f", ldexp(1, (int)i + 1) - 1);
		put_bucket(out, side, row, "_bucket", le, sum);
	}
	put_bucket(out, side, row, "_bucket", "+Inf", sum);
	put_bucket(out, side, row, "_count", NULL, sum);
}

static void put_handling(FILE *out, const struct sides *s)
{
	const struct exit_time *h;
	size_t i, j;
	bool any = false;

	for (i = 0; i < s->sides; i++)
		any |= s->side[i].exit_time.histograms;
	if (!any)
		return;
	family(out, "kvm_exit_busy_cycles", "histogram",
	       "Host TSC cycles that an exit was handled for, during the run.");
	for (i = 0; i < s->sides; i++) {
		h = &s->side[i].exit_time;
		for (j = 0; j < h->rows; j++)
			if (h->row[j].seen)
				put_histogram(out, &s->side[i], &h->row[j]);
	}
}

static void put_info(FILE *out, const struct sides *s)
{
	static const char *const label[] = { "guest_kernel", "accelerator", "cpus",
					     "pti",          "thp",         "clocksource" };
	const struct result *r;
	size_t i, j;

	family(out, "kvm_exit_suite_info", "gauge", "What was measured; the value is 1.");
	for (i = 0; i < s->sides; i++) {
		r = s->side[i].result;
		begin(out, "kvm_exit_suite_info", &s->side[i]);
		put_label(out, "version", r->tool_version, false);
		put_label(out, "started", r->started, false);
		put_label(out, "backend", exitprobe_backend_name(r->backend), false);
		for (j = 0; j < sizeof(label) / sizeof(*label); j++)
			put_label(out, label[j], result_label(r, label[j]), false);
		fputs("} 1\n", out);
	}
}

int report_openmetrics(const struct report *r, FILE *out)
{
	const struct sides *s = &r->sides;
	put_info(out, s);
	put_exits(out, s);
	put_times(out, s);
	put_counters(out, s);
	put_handling(out, s);
	fputs("# EOF\n", out);
	return 0;
}
