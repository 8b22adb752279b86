// SPDX-License-Identifier: MIT
/* Histograms of the busy cycles of each reason: how they are read, and drawn. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "reading/reading.h"

#define WIDTH 80
#define TRIES 8

static uint64_t sum_of(const struct probe_histogram *h)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < PROBE_BUCKETS; i++)
		sum += h->bucket[i];
	return sum;
}

static int read_once(const struct exitprobe *p, uint32_t slot, struct probe_histogram *h,
		     uint64_t *later)
{
	int ret = exitprobe_count(p, slot, &h->exits);

	if (!ret)
		ret = exitprobe_histogram(p, slot, h->bucket);
	return ret < 0 ? ret : exitprobe_count(p, slot, later);
}

/*
 * Until nothing moved; buckets only grow, so a sum that is the count before or after is of that
 * moment. The count of CPUID moves by the reading itself.
 */
static int read_histogram(const struct exitprobe *p, uint32_t slot, struct probe_histogram *h,
			  uint32_t *cost)
{
	uint64_t later;
	int ret, try;

	for (try = 0; try < TRIES; try++) {
		ret = read_once(p, slot, h, &later);
		if (ret)
			return ret;
		*cost += 2 + PROBE_BUCKETS / 4;
		if (sum_of(h) == later)
			h->exits = later;
		if (h->exits == later || sum_of(h) == h->exits || slot == exitprobe_cpuid_slot(p))
			return 0;
	}
	return 0;
}

int probe_histograms(struct probe_list *list, struct probe_histogram *into, uint32_t *cost)
{
	struct probe_row *row;
	int slot, ret;

	*cost = 0;
	if (!list->probe->histograms)
		return -ENOTSUP;
	for (row = list->row; row < list->row + list->rows; row++, into++) {
		slot = row->code == EXITPROBE_CODE_OTHER
			       ? (int)exitprobe_slots(list->probe) - 1
			       : exitprobe_code_slot(list->probe, row->code);
		if (!row->count || slot < 0)
			continue;
		ret = read_histogram(list->probe, (uint32_t)slot, into, cost);
		if (ret)
			return ret;
		row->histogram = into;
	}
	return 0;
}

static uint64_t lowest(unsigned int bucket)
{
	return bucket ? UINT64_C(1) << bucket : 0;
}

static uint64_t highest(unsigned int bucket)
{
	return (UINT64_C(2) << bucket) - 1; /* of the last one: 0 - 1 */
}

static int digits(uint64_t value)
{
	return snprintf(NULL, 0, "%" PRIu64, value);
}

/* The bar of the most frequent bucket is full; one that is too small for a star is not nothing. */
static void draw_bucket(const struct probe_histogram *h, unsigned int i, uint32_t most, int width,
			FILE *out)
{
	const int room = WIDTH - 2 * width - 20;
	const int stars = (int)((uint64_t)h->bucket[i] * (unsigned int)room / most);
	int column;

	fprintf(out, "%*" PRIu64 " -> %-*" PRIu64 " : %10" PRIu32 " |", width, lowest(i), width,
		highest(i), h->bucket[i]);
	for (column = 0; column < room; column++)
		fputc(column < stars ? '*' : !column && h->bucket[i] ? '.' : ' ', out);
	fputs("|\n", out);
}

static void draw(const struct probe_histogram *h, FILE *out)
{
	unsigned int i, first = PROBE_BUCKETS, last = 0;
	uint32_t most = 0;
	int width;

	for (i = 0; i < PROBE_BUCKETS; i++) {
		if (!h->bucket[i])
			continue;
		first = first < i ? first : i;
		last = i;
		most = h->bucket[i] > most ? h->bucket[i] : most;
	}
	if (!most) {
		fputs("  no exit of it has been timed yet\n", out);
		return;
	}
	width = digits(highest(last)) > 6 ? digits(highest(last)) : 6;
	fprintf(out, "%*s : %10s distribution\n", 2 * width + 4, "busy cycles", "exits");
	for (i = first; i <= last; i++)
		draw_bucket(h, i, most, width, out);
}

void probe_histograms_text(const struct probe_list *list, FILE *out)
{
	const struct probe_row *row;
	char key[24];

	for (row = list->row; row < list->row + list->rows; row++) {
		if (!row->histogram)
			continue;
		fprintf(out, "\n%s %s: %" PRIu64 " exits, mean %.0f busy cycles\n",
			exitprobe_key(list->probe->vendor, row->code, key), row->name, row->count,
			(double)row->busy / (double)row->count);
		draw(row->histogram, out);
	}
}
