// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>

#include "reading/reading.h"

static int more_first(const void *a, const void *b)
{
	const struct probe_row *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->code < y->code ? -1 : x->code > y->code;
}

/* The course leaves are asked for what the manual defines, and for nothing else. */
static bool is_counted(const struct exitprobe *p, const struct exitprobe_reason *reason)
{
	return reason && (reason->code != EXITPROBE_CODE_OTHER || exitprobe_counts_vcpu(p));
}

void probe_list(struct probe_list *list, const struct exitprobe *p,
		const struct exitprobe_snapshot *s, bool all)
{
	const struct exitprobe_reason *reason;
	struct probe_row *row;
	uint32_t slot;

	list->probe = p;
	list->snapshot = s;
	list->rows = 0;
	for (slot = 0; slot < exitprobe_slots(p); slot++) {
		reason = exitprobe_reason(p->vendor, exitprobe_slot_code(p, slot));
		if (!s->count[slot] && !(all && is_counted(p, reason)))
			continue;
		row = &list->row[list->rows++];
		row->code = exitprobe_slot_code(p, slot);
		row->name = reason ? reason->name : "?";
		row->exit_class =
			exitprobe_class_name(reason ? reason->exit_class : EXITPROBE_OTHER);
		row->count = s->count[slot];
		row->busy = s->busy[slot];
		row->wall = s->wall[slot];
		row->histogram = NULL;
	}
	qsort(list->row, list->rows, sizeof(list->row[0]), more_first);
}

int probe_csv(const struct probe_list *list, FILE *out)
{
	const struct probe_row *row;
	const bool wall = list->snapshot->flags & EXITPROBE_WALL;
	char key[24];

	fprintf(out, "reason,name,class,count,busy_cycles%s\n", wall ? ",wall_cycles" : "");
	for (row = list->row; row < list->row + list->rows; row++) {
		fprintf(out, "%s,%s,%s,%" PRIu64 ",",
			exitprobe_key(list->probe->vendor, row->code, key), row->name,
			row->exit_class, row->count);
		if (list->probe->cycles)
			fprintf(out, "%" PRIu64, row->busy);
		if (wall)
			fprintf(out, ",%" PRIu64, row->wall);
		fputc('\n', out);
	}
	return 0;
}

/* Blanks are where the original scripts have them; programs read these lines. */
static void boot_listing(const struct probe_list *list, FILE *out, const char *what,
			 const uint64_t *value)
{
	const struct exitprobe_reason *reason;
	unsigned int i, n;
	int slot;

	reason = exitprobe_reasons(list->probe->vendor, &n);
	for (i = 0; i < n; i++) {
		slot = exitprobe_code_slot(list->probe, reason[i].code);
		if (slot >= 0)
			fprintf(out, "exit number= %" PRIu32 ", name= %s, %s =%" PRIu64 "\n",
				reason[i].code, reason[i].name, what, value[slot]);
	}
}

int probe_ffd(const struct probe_list *list, FILE *out)
{
	boot_listing(list, out, "number_of_exits", list->snapshot->count);
	return 0;
}

int probe_ffc(const struct probe_list *list, FILE *out)
{
	boot_listing(list, out, "cycles", list->snapshot->busy);
	return 0;
}
