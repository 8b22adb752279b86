// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "estimate/paging.h"
#include "import/import.h"
#include "report/text/dump.h"
#include "result/output.h"
#include "result/result.h"
#include "result/utf8.h"
#include "text/format.h"

static const char usage[] =
	"usage: suite import FILE --vendor vmx|svm [--layout a|b|c] -o OUT.json\n\n"
	"Turn a listing of exits by reason into a result file, so that report and compare\n"
	"work on it, and say whether it is of one paging mode or of two. FILE - is\n"
	"standard input. Lines like these are read, with or without dmesg's time:\n\n"
	"  exit number= 48, number_of_exits =890534\n"
	"  CPUID(0x4FFFFFFD), exit number 48 exits=890534\n"
	"  CPU 0: 0x4ffffffd 0x30: eax=0x000d96a6 ebx=... ecx=... edx=...\n"
	"  48- 890534\n"
	"  total exits = 3931680\n\n"
	"  --vendor V     vmx (Intel) or svm (AMD): the same number means another reason\n"
	"  --layout L     leaves of the patch, for cpuid's lines: a reason's exits are in\n"
	"                 0x4ffffffd (a, the default) or 0x4ffffffe (b and c), all exits\n"
	"                 in 0x4fffffff (a and c) or 0x4ffffffc (b)\n"
	"  --fact N=TEXT  record a fact (outer_kernel=5.11.15)\n"
	"  -o OUT         the result file; - is standard output\n\n"
	"A reason may be read more than once, as by one cpuid on every CPU: the last\n"
	"reading counts, and what came between the first and the last is shown.\n";

struct settings {
	const char *input, *output;
	enum exitprobe_vendor vendor;
	enum exitprobe_backend layout;
	struct result *result; /* gets the facts */
};

enum { OPT_FACT = 256, OPT_LAYOUT, OPT_VENDOR };

static const struct option options[] = { { "fact", required_argument, NULL, OPT_FACT },
					 { "help", no_argument, NULL, 'h' },
					 { "layout", required_argument, NULL, OPT_LAYOUT },
					 { "output", required_argument, NULL, 'o' },
					 { "vendor", required_argument, NULL, OPT_VENDOR },
					 { 0 } };

static int take_option(struct settings *s, int option)
{
	switch (option) {
	case 'o':
		s->output = optarg;
		return EXIT_DONE;
	case OPT_FACT:
		return take_label("import", s->result, optarg);
	case OPT_LAYOUT:
		if (strlen(optarg) != 1 || !strchr("abcABC", *optarg))
			return complain(EXIT_USAGE, "import: --layout '%s' is not a, b or c",
					optarg);
		s->layout = (enum exitprobe_backend)(EXITPROBE_COURSE_A + (*optarg | 0x20) - 'a');
		return EXIT_DONE;
	default:
		s->vendor = !strcmp(optarg, "vmx")   ? EXITPROBE_VMX
			    : !strcmp(optarg, "svm") ? EXITPROBE_SVM
						     : EXITPROBE_VENDOR_UNKNOWN;
		if (s->vendor)
			return EXIT_DONE;
		return complain(EXIT_USAGE, "import: --vendor '%s' is not vmx or svm", optarg);
	}
}

static int check(struct settings *s, int argc, char **argv)
{
	if (optind + 1 != argc)
		return complain(EXIT_USAGE, "import: give one listing; see 'suite help import'");
	s->input = argv[optind];
	if (!s->vendor)
		return complain(EXIT_USAGE,
				"import: say --vendor vmx (Intel) or --vendor svm (AMD): the same "
				"number means another reason");
	if (!s->output)
		return complain(EXIT_USAGE, "import: say with -o where the result file goes");
	if (output_same(s->output, s->input))
		return complain(EXIT_USAGE,
				"import: '%s' is the listing itself: name another with -o",
				s->output);
	return EXIT_DONE;
}

/* Returns an exit status, or -1 when the usage was asked for. */
static int parse(struct settings *s, int argc, char **argv)
{
	int option, status = EXIT_DONE;

	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		if (option == 'h')
			return -1;
		if (option == '?')
			return bad_option("import", argc, argv);
		status = take_option(s, option);
	}
	return status ? status : check(s, argc, argv);
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

static int fill(struct result *r, const struct dump *l)
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

static void tell(const struct result *r, const struct dump *l, const char *path, FILE *out)
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
	paging_seen(r, text, sizeof(text));
	fprintf(out, "  paging  %s\n", text);
	if (strcmp(path, "-"))
		fprintf(out, "  written to %s\n", utf8_printable(path, clean, sizeof(clean)));
}

static int write_out(struct result *r, const struct dump *l, const struct settings *s)
{
	char message[512];

	if (fill(r, l))
		return complain(EXIT_ENVIRONMENT, "import: out of memory");
	if (result_write(r, s->output, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "import: %s", message);
	tell(r, l, s->output, strcmp(s->output, "-") ? stdout : stderr);
	return EXIT_DONE;
}

/* A pipe cannot be read twice, which plain columns need: it is kept in a temporary file. */
static FILE *rewindable(FILE *in)
{
	FILE *copy = tmpfile();
	char buffer[4096];
	size_t got;

	while (copy && (got = fread(buffer, 1, sizeof(buffer), in)) > 0)
		fwrite(buffer, 1, got, copy);
	if (copy)
		rewind(copy);
	return copy;
}

static int import(struct result *r, const struct settings *s)
{
	char message[512] = "";
	struct dump l = { .path = s->input,
			  .vendor = s->vendor,
			  .layout = s->layout,
			  .message = message,
			  .size = sizeof(message) };
	FILE *in = strcmp(s->input, "-") ? fopen(s->input, "re") : rewindable(stdin);
	int ret, status;

	if (!in)
		return complain(EXIT_USAGE, "import: %s: cannot be read: %s: check the name",
				s->input, strerror(errno));
	ret = dump_read(&l, in);
	if (!ret)
		status = write_out(r, &l, s);
	else if (*message)
		status = complain(EXIT_USAGE, "import: %s", message);
	else
		status = complain(EXIT_USAGE, "import: %s: cannot be read: %s", s->input,
				  strerror(ret == -EIO && errno ? errno : -ret));
	dump_free(&l);
	fclose(in);
	return status;
}

int cmd_import(int argc, char **argv)
{
	struct result r = { 0 };
	struct settings s = { .layout = EXITPROBE_COURSE_A, .result = &r };
	int status = parse(&s, argc, argv);

	if (status < 0) {
		fputs(usage, stdout);
		status = EXIT_DONE;
	} else if (!status) {
		status = import(&r, &s);
	}
	result_free(&r);
	return status;
}
