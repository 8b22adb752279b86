// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "reading/reading.h"

static const char *vendor_text(enum exitprobe_vendor vendor)
{
	return vendor == EXITPROBE_SVM ? "svm (AMD)" : "vmx (Intel)";
}

static void counters(const struct exitprobe *p, FILE *out)
{
	const char *layout = exitprobe_backend_name(p->course_layout);

	if (p->backend == EXITPROBE_PAGE)
		fprintf(out, "counters     exit pages of %s%s, by the host's kernel %s\n",
			p->page_at, p->copied ? ", copied" : "", p->host_kernel);
	else if (p->backend != EXITPROBE_LEAVES)
		fprintf(out, "counters     %s leaves, 32 bits wide, found by what they do\n",
			layout);
	else if (p->course_layout == EXITPROBE_NONE)
		fprintf(out, "counters     leaves, ABI %" PRIu32 "\n", p->abi);
	else
		fprintf(out, "counters     leaves, ABI %" PRIu32 ", alongside %s leaves\n", p->abi,
			layout);
	fprintf(out, "hypervisor   %s\n", p->hypervisor[0] ? p->hypervisor : "does not say");
	fprintf(out, "vendor       %s\n", vendor_text(p->vendor));
}

static const char *verdict(enum exitprobe_paging paging, enum exitprobe_fingerprint looks)
{
	const bool known = paging != EXITPROBE_PAGING_UNKNOWN;

	switch (looks) {
	case EXITPROBE_LOOKS_MIXED:
		return "reasons of both modes: it was changed, or this guest runs guests";
	case EXITPROBE_LOOKS_UNDECIDED:
		return "no reason that belongs to one mode alone has occurred";
	case EXITPROBE_LOOKS_NESTED:
		if (paging == EXITPROBE_SHADOW)
			return "NOT what the hypervisor says";
		return known ? "as the hypervisor says" : "from the counts alone";
	default:
		if (paging == EXITPROBE_NESTED)
			return "NOT what the hypervisor says";
		return known ? "as the hypervisor says" : "from the counts alone";
	}
}

static void paging(const struct probe_list *list, FILE *out)
{
	const struct exitprobe *p = list->probe;
	const enum exitprobe_fingerprint looks = exitprobe_fingerprint(p, list->snapshot);

	fprintf(out, "paging       %s%s\n", exitprobe_paging_name(p->paging),
		p->paging == EXITPROBE_PAGING_UNKNOWN ? ": the course leaves do not say" : "");
	fprintf(out, "fingerprint  %s: %s\n", exitprobe_fingerprint_name(looks),
		verdict(p->paging, looks));
}

/* What the course leaves do not tell. */
static void machine(const struct exitprobe *p, FILE *out)
{
	if (!p->instance)
		return;
	if (p->vcpus)
		fprintf(out, "vCPUs        %" PRIu32 "\n", p->vcpus);
	fprintf(out, "instance     0x%08" PRIx32 "\n", p->instance);
	if (p->host_tsc_khz)
		fprintf(out, "host TSC     %.3f MHz\n", p->host_tsc_khz / 1000.0);
	fprintf(out, "L2 exits     %s\n", p->counts_l2 ? "counted" : "not counted");
	if (p->histograms)
		fputs("histograms   of busy cycles\n", out);
}

static void table_row(const struct probe_list *list, const struct probe_row *row, int name_width,
		      uint64_t total, FILE *out)
{
	char key[24];

	fprintf(out, "%-14s %-*s %-17s %13" PRIu64 " %6.2f",
		exitprobe_key(list->probe->vendor, row->code, key), name_width, row->name,
		row->exit_class, row->count,
		total ? 100.0 * (double)row->count / (double)total : 0.0);
	if (list->probe->cycles && row->count)
		fprintf(out, " %12.0f", (double)row->busy / (double)row->count);
	else
		fprintf(out, " %12s", "-");
	if (list->snapshot->flags & EXITPROBE_WALL && row->count)
		fprintf(out, " %12.0f", (double)row->wall / (double)row->count);
	else if (list->snapshot->flags & EXITPROBE_WALL)
		fprintf(out, " %12s", "-");
	fputc('\n', out);
}

static void table(const struct probe_list *list, FILE *out)
{
	const struct probe_row *row, *end = list->row + list->rows;
	uint64_t total = 0;
	int width = 4;

	for (row = list->row; row < end; row++) {
		total += row->count;
		if ((int)strlen(row->name) > width)
			width = (int)strlen(row->name);
	}
	fprintf(out, "\n%-14s %-*s %-17s %13s %6s %12s", "REASON", width, "NAME", "CLASS", "COUNT",
		"%", "CYCLES/EXIT");
	fprintf(out, "%s\n", list->snapshot->flags & EXITPROBE_WALL ? "    WALL/EXIT" : "");
	for (row = list->row; row < end; row++)
		table_row(list, row, width, total, out);
	fprintf(out, "%-14s %-*s %-17s %13" PRIu64 "\n", "total", width, "", "", total);
}

int probe_text(const struct probe_list *list, FILE *out)
{
	const bool one = list->snapshot->flags & EXITPROBE_THIS_VCPU;

	counters(list->probe, out);
	paging(list, out);
	machine(list->probe, out);
	/* A foreign patch was seen to keep its counters from one VM to the next. */
	fprintf(out, "scope        %s since the %s started\n", one ? "this vCPU" : "all vCPUs",
		list->probe->backend == EXITPROBE_LEAVES ? "VM" : "counters");
	table(list, out);
	probe_histograms_text(list, out);
	return 0;
}
