// SPDX-License-Identifier: MIT
#include "cmd/cmd.h"
#include "reading/reading.h"

struct settings {
	struct probe_request request;
	const char *output;
};

static const struct option_def options[] = {
	{ "all", .help = "also the reasons that have not occurred",
	  OPTION_AT(struct settings, request.all) },
	{ "vcpu", .help = "only exits of the vCPU that this program runs on",
	  OPTION_AT(struct settings, request.this_vcpu) },
	{ "wall", .help = "also wall cycles, which include the time off the CPU",
	  OPTION_AT(struct settings, request.wall) },
	{ "hist",
	  .help = "also draw how the busy cycles of each reason are distributed; needs "
		  "exit_stats_hist=1 on the hypervisor",
	  OPTION_AT(struct settings, request.histograms) },
	{ "json", .type = OPTION_CHOSEN, .help = "the same as --format=json",
	  OPTION_AT(struct settings, request.form), .choices = CHOICES(probe_formats),
	  .values = "json" },
	{ "csv", .type = OPTION_CHOSEN, .help = "the same as --format=csv",
	  OPTION_AT(struct settings, request.form), .choices = CHOICES(probe_formats),
	  .values = "csv" },
	{ "format", .type = OPTION_CHOICE, .metavar = "FORM", .help = "how to print it:",
	  OPTION_AT(struct settings, request.form), .choices = CHOICES(probe_formats) },
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "write to FILE, which appears complete or not at all",
	  OPTION_AT(struct settings, output), .values = ":files" },
	{ .name = NULL },
};

struct page {
	const struct probe_format *form;
	const struct probe_list *list;
};

static int print(const void *context, FILE *out)
{
	const struct page *page = context;

	return page->form->write(page->list, out);
}

static int probe(const struct command *self, int argc, char **argv)
{
	struct settings s = { .output = "-" };
	struct probe_reading r;
	char message[512];
	int status = command_options(self, &s, &argc, argv);

	if (status)
		return status;
	status =
		command_status(self, probe_read(&r, &s.request, message, sizeof(message)), message);
	if (!status)
		status = command_output(self, s.output, print,
					&(struct page){ &probe_formats[s.request.form], &r.list });
	if (!status)
		probe_tell_cost(&r, stderr);
	probe_reading_free(&r);
	return status;
}

COMMAND(command) = {
	.order = 30,
	.summary = "what the hypervisor offers, and every exit counter with its name",
	.run = probe,
	.line = { .name = "probe",
		  .synopsis = "[OPTION...]",
		  .about = "What the hypervisor offers, and every exit counter that is not "
			   "zero, from one reading of all of them.",
		  .notes = "Cycles are host TSC cycles spent handling an exit, without the time "
			   "off the CPU. The count of CPUID includes the exits that the reading "
			   "itself causes; their number is printed on standard error. Exit "
			   "status 3: no counters here, with the reason.",
		  .option = options },
};
