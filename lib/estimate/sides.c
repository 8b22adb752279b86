// SPDX-License-Identifier: MIT
#include "estimate/sides.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result/utf8.h"

static void name_side(struct side *s)
{
	const char *path = s->result->path ? s->result->path : "-", *name = strrchr(path, '/');
	size_t length;
	char *clean;

	name = name ? name + 1 : path;
	clean = utf8_clean(name, strlen(name), &length);
	utf8_printable(clean, s->name, sizeof(s->name));
	free(clean);
	if (!strcmp(s->name, "-"))
		strcpy(s->name, "standard input");
	length = strlen(s->name);
	if (length > 5 && !strcmp(s->name + length - 5, ".json"))
		s->name[length - 5] = 0;
}

/* The paging mode when it tells every two sides apart, the file's name when not. */
static void label_sides(struct sides *s)
{
	bool seen[EXITPROBE_SHADOW + 1] = { false }, twice = false;
	enum exitprobe_paging paging;
	size_t i, j;

	for (i = 0; i < s->sides; i++) {
		paging = s->side[i].result->paging;
		twice |= seen[paging] || paging == EXITPROBE_PAGING_UNKNOWN;
		seen[paging] = true;
	}
	for (i = 0; i < s->sides; i++)
		if (twice)
			utf8_printable(s->side[i].name, s->side[i].label, SIDE_LABEL);
		else
			snprintf(s->side[i].label, SIDE_LABEL, "%s paging",
				 exitprobe_paging_name(s->side[i].result->paging));
	/* Files of one name in two folders. */
	for (i = 0; i < s->sides; i++)
		for (j = 0; j < i; j++)
			if (!strcmp(s->side[i].label, s->side[j].label))
				snprintf(s->side[i].label, SIDE_LABEL, "file %zu", i + 1);
}

static int make_totals(struct side *s)
{
	size_t i;
	int ret = 0;

	s->total = calloc(s->e.workloads + 1, sizeof(*s->total));
	if (!s->total)
		return -ENOMEM;
	for (i = 0; i < s->e.workloads && !ret; i++)
		ret = per_op_total_make(&s->total[i], &s->e.workload[i]);
	return ret;
}

/* The first mark has all exits since the VM started, and the time since its kernel did. */
static int make_boot(struct side *s, const struct result *boot)
{
	const struct result_workload *w = boot->workloads ? &boot->workload[0] : NULL;
	const struct result_sample *sample;
	size_t i;

	for (i = 0; w && i < w->samples; i++) {
		sample = &w->sample[i];
		if (sample->ops == 1 && sample->exits)
			return counts_make(&s->boot, boot, sample->exits,
					   boot->calibration.tsc_khz > 0
						   ? (double)sample->cycles /
							     boot->calibration.tsc_khz / 1e3
						   : 0);
	}
	return 0;
}

static int make_side(struct side *s, const struct result *boot)
{
	const struct result *r = s->result;
	int ret;

	name_side(s);
	ret = estimate_make(&s->e, r);
	if (!ret)
		ret = make_totals(s);
	if (!ret && boot)
		ret = make_boot(s, boot);
	if (!ret)
		ret = counts_make(&s->before, r, r->before, r->before_seconds);
	if (!ret)
		ret = counts_make(&s->after, r, r->after, r->after_seconds);
	if (!ret)
		ret = exit_time_make(&s->exit_time, r);
	return ret;
}

int sides_make(struct sides *s, const struct result *const *result, const struct witness *witness,
	       const struct result *boot, size_t n)
{
	size_t i;
	int ret = 0;

	*s = (struct sides){ .sides = n };
	for (i = 0; i < n; i++) {
		s->side[i].result = result[i];
		s->side[i].witness = witness && witness[i].path ? &witness[i] : NULL;
		s->side[i].letter = (char)('A' + i);
		if (!ret)
			ret = make_side(&s->side[i], boot && boot[i].path ? &boot[i] : NULL);
	}
	if (!ret)
		label_sides(s);
	return ret;
}

void sides_free(struct sides *s)
{
	struct side *side;
	size_t i, j;

	for (i = 0; i < s->sides; i++) {
		side = &s->side[i];
		for (j = 0; side->total && j < side->e.workloads; j++)
			per_op_total_free(&side->total[j]);
		free(side->total);
		counts_free(&side->boot);
		counts_free(&side->before);
		counts_free(&side->after);
		exit_time_free(&side->exit_time);
		estimate_free(&side->e);
	}
	*s = (struct sides){ 0 };
}

const struct estimate_workload *side_workload(const struct side *side, const char *name)
{
	return estimate_find(&side->e, name);
}

const struct per_op_total *side_per_op_total(const struct side *side, const char *name)
{
	const struct estimate_workload *w = side_workload(side, name);

	return w ? &side->total[w - side->e.workload] : NULL;
}

const struct counts *side_boot(const struct side *side)
{
	if (side->boot.row)
		return &side->boot;
	/* A listing holds two readings, of which the second is complete. */
	if (side->before.row && !side->result->dump)
		return &side->before;
	return side->after.row ? &side->after : NULL;
}

const char *side_boot_key(const struct side *side)
{
	const struct counts *t = side_boot(side);

	return t == &side->boot ? "boot" : t == &side->before ? "before" : "after";
}

const char *side_boot_text(const struct side *side)
{
	const struct counts *t = side_boot(side);

	return t == &side->boot     ? "from the VM's start to its first process"
	       : t == &side->before ? "from the VM's start to the start of the measurement"
				    : "since the VM's start";
}

double side_rate(const struct side *side, const struct estimate_workload *w)
{
	const struct result_sample *sample;
	double cycles = 0, exits = 0;
	size_t i, j;

	for (i = 0; i < w->w->samples; i++) {
		sample = &w->w->sample[i];
		if (!sample->exits)
			continue;
		cycles += (double)sample->cycles;
		for (j = 0; j < side->result->reasons; j++)
			exits += (double)sample->exits[j];
	}
	return cycles > 0 ? exits / (cycles * side->e.ns_per_cycle * 1e-9) : NAN;
}
