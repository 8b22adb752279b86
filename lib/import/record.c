// SPDX-License-Identifier: MIT
/* A listing from its file to a result. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/paging.h"
#include "import/import.h"
#include "result/result.h"
#include "result/utf8.h"
#include "text/format.h"

int dump_read_file(struct dump *l)
{
	FILE *in = strcmp(l->path, "-") ? fopen(l->path, "re") : stdin;
	int ret;

	*l->message = 0;
	if (!in) {
		snprintf(l->message, l->size, "%s: cannot be read: %s: check the name", l->path,
			 strerror(errno));
		return -EINVAL;
	}
	ret = dump_read(l, in);
	if (ret && !*l->message)
		snprintf(l->message, l->size, "%s: cannot be read: %s", l->path,
			 strerror(ret == -EIO && errno ? errno : -ret));
	if (in != stdin)
		fclose(in);
	return ret ? -EINVAL : 0;
}

static int fill_counters(struct result *r, const struct dump *l)
{
	size_t i;

	r->reason = calloc(l->counters + 1, sizeof(*r->reason));
	r->before = calloc(l->counters + 1, sizeof(*r->before));
	r->after = calloc(l->counters + 1, sizeof(*r->after));
	if (!r->reason || !r->before || !r->after)
		return -ENOMEM;
	r->reasons = l->counters;
	for (i = 0; i < l->counters; i++) {
		r->reason[i] = l->counter[i].code;
		r->before[i] = l->counter[i].first;
		r->after[i] = l->counter[i].last;
	}
	return 0;
}

int dump_result(struct result *r, const struct dump *l)
{
	r->complete = true;
	r->backend = l->layout;
	r->vendor = l->vendor;
	r->tool_version = strdup(SUITE_VERSION);
	r->paging_source = strdup("a listing does not say");
	r->dump = calloc(1, sizeof(*r->dump));
	if (!r->tool_version || !r->paging_source || !r->dump || fill_counters(r, l))
		return -ENOMEM;
	r->fingerprint = exitprobe_fingerprint_codes(r->vendor, r->reason, r->after,
						     (unsigned int)r->reasons);
	r->dump->readings = l->readings;
	r->dump->has_total = l->total.readings > 0;
	r->dump->total_first = l->total.first;
	r->dump->total_last = l->total.last;
	r->dump->source = strdup(l->path);
	return r->dump->source ? 0 : -ENOMEM;
}

static uint64_t moved(const struct dump *l)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < l->counters; i++)
		sum += l->counter[i].last - l->counter[i].first;
	return sum;
}

static void tell_doubts(const struct dump *l, FILE *out)
{
	if (l->cut)
		fprintf(out,
			"  cut     the last dump ends after %zu readings: the one before it is "
			"taken\n",
			l->cut);
	if (l->races)
		fprintf(out,
			"  order   %zu readings are a few lower than the one before: two CPUs "
			"printed at once, the higher counts\n",
			l->races);
	if (l->misnamed)
		fprintf(out,
			"  names   %zu names are not those of the number next to them: the number "
			"counts\n",
			l->misnamed);
	if (l->gap >= 3600)
		fprintf(out,
			"  warning these look like two listings: their times are %.0f h apart at "
			"line %zu\n",
			l->gap / 3600, l->gap_line);
}

void dump_tell(const struct result *r, const struct dump *l, const char *path, FILE *out)
{
	char text[512], clean[256], number[FORMAT];

	fprintf(out, "%s: %zu reasons in %zu readings, %s, %s\n",
		utf8_printable(l->path, clean, sizeof(clean)), l->counters, l->readings,
		exitprobe_vendor_name(r->vendor), exitprobe_backend_name(r->backend));
	fprintf(out, "  exits   %s", format_number((double)result_exits(r), number));
	if (r->dump->has_total)
		fprintf(out, ", %s by the listing's own total",
			format_number((double)r->dump->total_last, number));
	fputc('\n', out);
	if (l->readings > l->counters)
		fprintf(out,
			"  moving  %s exits came between the first and the last reading of the "
			"same reasons\n",
			format_number((double)moved(l), number));
	if (l->cycles)
		fprintf(out, "  cycles  %zu readings of cycles are left out\n", l->cycles);
	if (l->left_out)
		fprintf(out, "  lines   %zu of %zu lines hold no reading\n", l->left_out, l->lines);
	tell_doubts(l, out);
	paging_seen(r, text, sizeof(text));
	fprintf(out, "  paging  %s\n", text);
	if (strcmp(path, "-"))
		fprintf(out, "  written to %s\n", utf8_printable(path, clean, sizeof(clean)));
}
