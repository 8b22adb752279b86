// SPDX-License-Identifier: MIT
/* The same thing twice: the repeats of one run as two sides, which must compare as equal. */
#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/run_options.h"
#include "report/compare_formats.h"

/* Views of one result: samples are borrowed, only the lists are their own. */
static void forget(struct result *half)
{
	size_t i;

	for (i = 0; half->workload && i < half->workloads; i++)
		free(half->workload[i].sample);
	free(half->workload);
}

/* Repeats first .. first + n - 1, numbered from 0. */
static int take(struct result *half, const struct result *r, uint32_t first, uint32_t n)
{
	const struct result_workload *from;
	struct result_workload *to;
	size_t i, j;

	*half = *r;
	half->repeat = n;
	half->workload = calloc(r->workloads + 1, sizeof(*half->workload));
	for (i = 0; half->workload && i < r->workloads; i++) {
		from = &r->workload[i];
		to = &half->workload[i];
		*to = *from;
		to->samples = 0;
		to->sample = calloc(from->samples + 1, sizeof(*to->sample));
		if (!to->sample)
			return -ENOMEM;
		for (j = 0; j < from->samples; j++) {
			if (from->sample[j].repeat - first >= n)
				continue;
			to->sample[to->samples] = from->sample[j];
			to->sample[to->samples++].repeat -= first;
		}
	}
	return half->workload ? 0 : -ENOMEM;
}

/* The times of an emulator are its own: how busy the machine under it was. */
static bool counts(const struct compare_row *row, const struct result *r)
{
	return row->family != COMPARE_TIMES || !estimate_emulator(r);
}

static int judge(const struct compare *c, const struct result *r)
{
	size_t i, differ = 0, tested = 0;
	const char *first = NULL;

	for (i = 0; i < c->rows; i++) {
		if (!counts(&c->row[i], r))
			continue;
		tested++;
		if (c->row[i].verdict != COMPARE_DIFFERS)
			continue;
		if (!differ++)
			first = c->row[i].workload->w->name;
	}
	if (!differ)
		return complain(EXIT_DONE, "--aa: the two halves compare as equal in all %zu rows",
				tested);
	return complain(EXIT_FINDING,
			"--aa: %zu of %zu rows differ between two equal halves, the first of %s: "
			"this machine is not steady enough to compare runs; end other work on it, "
			"or take more --repeat and --time",
			differ, tested, first);
}

int run_aa(const struct result *r, FILE *out, bool colour)
{
	struct estimate a = { 0 }, b = { 0 };
	struct result first, second = { 0 };
	struct comparison all = { 0 };
	struct compare c = { 0 };
	int status, ret;

	ret = take(&first, r, 0, r->repeat / 2);
	ret = ret ? ret : take(&second, r, r->repeat / 2, r->repeat / 2);
	ret = ret ? ret : estimate_make(&a, &first);
	ret = ret ? ret : estimate_make(&b, &second);
	ret = ret ? ret : compare_make(&c, &a, &b, NULL);
	ret = ret ? ret : comparison_make(&all, &c, 1, NULL);
	if (ret) {
		status = complain(EXIT_ENVIRONMENT, "run: out of memory");
	} else {
		fputs("\nA/A: the first half of the repeats against the second\n\n", out);
		compare_text(&all, out, colour);
		fflush(out);
		status = judge(&c, r);
	}
	comparison_free(&all);
	compare_free(&c);
	estimate_free(&a);
	estimate_free(&b);
	forget(&first);
	forget(&second);
	return status;
}
