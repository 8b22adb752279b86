// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "cmd/cmd.h"
#include "reading/reading.h"
#include "result/output.h"

static const char usage[] =
	"usage: suite probe [OPTION...]\n\n"
	"What the hypervisor offers, and every exit counter that is not zero, from one\n"
	"reading of all of them.\n\n"
	"  --all          also the reasons that have not occurred\n"
	"  --vcpu         only exits of the vCPU that this program runs on\n"
	"  --wall         also wall cycles: with the time off the CPU\n"
	"  --hist         also draw how the busy cycles of each reason are distributed;\n"
	"                 where the hypervisor has exit_stats_hist=1\n"
	"  --json, --csv  the same for programs\n"
	"  --format=FORM  text (the default), json, csv, or the lines of the original\n"
	"                 boot scripts: ffd (exit number, name, number of exits) or ffc\n"
	"                 (the same with cycles)\n"
	"  -o FILE        write to FILE, which appears complete or not at all\n\n"
	"Cycles are host TSC cycles spent handling an exit, without the time off the CPU.\n"
	"The CPUID exits that the reading itself made are told on stderr; they are in\n"
	"the count of CPUID. Exit status 3: no counters here, with the reason.\n";

enum form { TEXT, JSON, CSV, FFD, FFC, FORMS };

static const char *const form_names[FORMS] = { "text", "json", "csv", "ffd", "ffc" };

struct request {
	enum form form;
	bool all, histograms;
	unsigned int flags;
	const char *path;
};

static int print(const struct probe_list *list, enum form form, FILE *out)
{
	switch (form) {
	case JSON:
		return probe_json(list, out);
	case CSV:
		probe_csv(list, out);
		break;
	case FFD:
		probe_ffd(list, out);
		break;
	case FFC:
		probe_ffc(list, out);
		break;
	default:
		probe_text(list, out);
	}
	return 0;
}

/* The answer is of the vCPU that asks: it must be the same one for every question. */
static int stay_on_this_cpu(void)
{
	const int cpu = sched_getcpu();

	return cpu < 0 ? -errno : cpu_pin(cpu);
}

static int read_counters(struct exitprobe *p, struct exitprobe_snapshot *s,
			 const struct request *request)
{
	int ret;

	ret = request->flags & EXITPROBE_THIS_VCPU ? stay_on_this_cpu() : 0;
	if (ret)
		return complain(EXIT_ENVIRONMENT, "probe: --vcpu: this CPU cannot be kept: %s",
				strerror(-ret));
	if (exitprobe_open(p, NULL))
		return complain(EXIT_ENVIRONMENT, "probe: no exit counters: %s", p->why);
	if (request->form == FFC && !p->cycles)
		return complain(EXIT_ENVIRONMENT,
				"probe: %s has no cycles per reason; use --format=ffd",
				exitprobe_backend_name(p->backend));
	if (request->flags & EXITPROBE_THIS_VCPU && p->backend != EXITPROBE_LEAVES)
		return complain(EXIT_ENVIRONMENT,
				"probe: %s counts all vCPUs together; leave --vcpu out",
				exitprobe_backend_name(p->backend));
	if (request->flags & EXITPROBE_WALL && p->backend != EXITPROBE_LEAVES)
		return complain(EXIT_ENVIRONMENT, "probe: %s has no wall cycles; leave --wall out",
				exitprobe_backend_name(p->backend));
	if (request->histograms && !p->histograms)
		return complain(EXIT_ENVIRONMENT, "probe: this hypervisor keeps no histograms: "
						  "load its kvm module with exit_stats_hist=1, "
						  "or leave --hist out");
	ret = exitprobe_snapshot(p, request->flags, s);
	if (ret)
		return complain(EXIT_ENVIRONMENT,
				"probe: the counters cannot be read: %s; has the VM been moved?",
				strerror(-ret));
	return 0;
}

/* later: exits that the histograms took, when the counts had been read. */
static void tell_cost(const struct exitprobe *p, const struct exitprobe_snapshot *s, uint32_t later)
{
	char key[24];

	exitprobe_key(p->vendor, exitprobe_slot_code(p, s->cpuid_slot), key);
	fprintf(stderr,
		"suite: probe: of %s, %" PRIu32 " exits are this program's: %" PRIu32
		" of the reading, %" PRIu32 " of the detection before it\n",
		key, s->cost + p->open_cost, s->cost, p->open_cost);
	if (later)
		fprintf(stderr, "suite: probe: the histograms took %" PRIu32 " more, afterwards\n",
			later);
}

static int write_list(const struct probe_list *list, const struct request *request)
{
	struct output output;
	char message[512];

	if (output_open(&output, request->path, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "probe: %s", message);
	if (print(list, request->form, output.file)) {
		output_abandon(&output);
		return complain(EXIT_ENVIRONMENT, "probe: out of memory");
	}
	if (output_commit(&output, request->path, message, sizeof(message)))
		return complain(EXIT_ENVIRONMENT, "probe: %s", message);
	return EXIT_DONE;
}

static int probe(const struct request *request)
{
	struct exitprobe_snapshot s;
	struct probe_histogram *histograms = NULL;
	struct probe_list list;
	struct exitprobe p;
	uint32_t later = 0;
	int status;

	status = read_counters(&p, &s, request);
	if (status)
		return status;
	probe_list(&list, &p, &s, request->all);
	if (request->histograms) {
		histograms = calloc(EXITPROBE_SLOTS, sizeof(*histograms));
		if (!histograms || probe_histograms(&list, histograms, &later)) {
			free(histograms);
			return complain(EXIT_ENVIRONMENT, "probe: the histograms cannot be read: "
							  "has the VM been moved?");
		}
	}
	status = write_list(&list, request);
	free(histograms);
	if (!status)
		tell_cost(&p, &s, later);
	return status;
}

static int parse_form(const char *text, enum form *form)
{
	unsigned int i;

	for (i = 0; i < FORMS; i++)
		if (!strcmp(text, form_names[i])) {
			*form = (enum form)i;
			return 0;
		}
	return complain(EXIT_USAGE,
			"probe: no form '%s'; --format takes text, json, csv, ffd or ffc", text);
}

/* What a command line without --help asks for. 0 or an exit status. */
static int take_option(struct request *request, int option)
{
	switch (option) {
	case 'a':
		request->all = true;
		return 0;
	case 'c':
		request->form = CSV;
		return 0;
	case 'f':
		return parse_form(optarg, &request->form);
	case 'H':
		request->histograms = true;
		return 0;
	case 'j':
		request->form = JSON;
		return 0;
	case 'o':
		request->path = optarg;
		return 0;
	case 'w':
		request->flags |= EXITPROBE_WALL;
		return 0;
	default:
		request->flags |= EXITPROBE_THIS_VCPU;
		return 0;
	}
}

int cmd_probe(int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },          { "csv", no_argument, NULL, 'c' },
		{ "format", required_argument, NULL, 'f' }, { "help", no_argument, NULL, 'h' },
		{ "hist", no_argument, NULL, 'H' },         { "json", no_argument, NULL, 'j' },
		{ "output", required_argument, NULL, 'o' }, { "vcpu", no_argument, NULL, 'v' },
		{ "wall", no_argument, NULL, 'w' },         { 0 },
	};
	struct request request = { .form = TEXT, .path = "-" };
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_DONE;
		}
		if (option == '?')
			return bad_option("probe", argc, argv);
		status = take_option(&request, option);
		if (status)
			return status;
	}
	if (optind != argc)
		return complain(EXIT_USAGE, "probe: takes no argument '%s'; see 'suite help probe'",
				argv[optind]);
	if (request.histograms && request.form != TEXT && request.form != JSON)
		return complain(EXIT_USAGE, "probe: --hist goes with text and --json, not with %s",
				form_names[request.form]);
	if (request.histograms && request.flags & EXITPROBE_THIS_VCPU)
		return complain(EXIT_USAGE,
				"probe: --hist is of all vCPUs; leave --vcpu or it out");
	return probe(&request);
}
