// SPDX-License-Identifier: MIT
/*
 * Google Benchmark's JSON, for its tools/compare.py: each repeat of a workload is a repetition, so
 * that its U test has something to test. Exits per operation are counters.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "text/json_value.h"

static json_t *context(const struct result *r)
{
	const char *cpus = result_label(r, "cpus");
	json_t *object = json_object();
	size_t i;

	json_object_set_new(object, "date", json_text(r->started));
	json_object_set_new(object, "host_name", json_text("guest"));
	json_object_set_new(object, "executable", json_text("suite"));
	json_object_set_new(object, "num_cpus", json_integer(cpus ? atoi(cpus) : 1));
	json_object_set_new(object, "mhz_per_cpu",
			    json_integer((json_int_t)lround(r->calibration.tsc_khz / 1e3)));
	json_object_set_new(object, "cpu_scaling_enabled", json_false());
	json_object_set_new(object, "caches", json_array());
	json_object_set_new(object, "library_build_type", json_text("release"));
	json_object_set_new(object, "paging", json_text(exitprobe_paging_name(r->paging)));
	for (i = 0; i < r->labels; i++)
		if (!json_object_get(object, r->label[i].name))
			json_object_set_new(object, r->label[i].name, json_text(r->label[i].value));
	return object;
}

static json_t *head(const struct estimate_workload *w)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", json_text(w->w->name));
	json_object_set_new(object, "family_index", json_integer(0));
	json_object_set_new(object, "per_family_instance_index", json_integer(0));
	json_object_set_new(object, "run_name", json_text(w->w->name));
	json_object_set_new(object, "run_type", json_text("iteration"));
	json_object_set_new(object, "repetitions", json_count(w->cycles.interval.n));
	json_object_set_new(object, "threads", json_integer(1));
	json_object_set_new(object, "time_unit", json_text("ns"));
	return object;
}

static json_t *repetition(const struct side *side, const struct estimate_workload *w, size_t i)
{
	double ns = w->cycles.block[i] * side->e.ns_per_cycle;
	const struct estimate_class *c;
	json_t *object = head(w);
	char name[48];
	size_t j;

	json_object_set_new(object, "repetition_index", json_count(i));
	/* Operations in all windows, shared out; compare.py shows it only. */
	json_object_set_new(object, "iterations",
			    json_count(w->w->samples ? w->w->sample[0].ops : 0));
	json_object_set_new(object, "real_time", json_number(ns));
	json_object_set_new(object, "cpu_time", json_number(ns));
	for (j = 0; j < w->classes; j++) {
		c = &w->exit_class[j];
		if (i >= c->per_op.interval.n)
			continue;
		snprintf(name, sizeof(name), "exits_%s", exitprobe_class_name(c->exit_class));
		json_object_set_new(object, name, json_number(c->per_op.block[i]));
	}
	return object;
}

/* Without times: skipped, failed, or interrupted too early. */
static json_t *nothing(const struct estimate_workload *w)
{
	json_t *object = head(w);

	json_object_set_new(object, "repetition_index", json_integer(0));
	json_object_set_new(object, "error_occurred", json_true());
	json_object_set_new(
		object, "error_message",
		json_text(w->w->reason ? w->w->reason : result_status_name(w->w->status)));
	json_object_set_new(object, "iterations", json_integer(0));
	json_object_set_new(object, "real_time", json_integer(0));
	json_object_set_new(object, "cpu_time", json_integer(0));
	return object;
}

int report_gbench(const struct report *r, FILE *out)
{
	const struct side *side = &r->sides.side[0];
	json_t *object = json_object(), *list = json_array();
	const struct estimate_workload *w;
	size_t i, j;

	for (i = 0; i < side->e.workloads; i++) {
		w = &side->e.workload[i];
		if (!w->cycles.interval.n || isnan(w->cycles.interval.est * side->e.ns_per_cycle))
			json_array_append_new(list, nothing(w));
		else
			for (j = 0; j < w->cycles.interval.n; j++)
				json_array_append_new(list, repetition(side, w, j));
	}
	json_object_set_new(object, "context", context(side->result));
	json_object_set_new(object, "benchmarks", list);
	json_dumpf(object, out, JSON_VALUE_FLAGS);
	fputc('\n', out);
	json_decref(object);
	return 0;
}
