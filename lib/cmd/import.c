// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"
#include "import/import.h"
#include "result/output.h"

struct settings {
	const char *output;
	int vendor; /* position in `vendors`, or -1 */
	enum exitprobe_backend layout;
	bool explain;
	struct result *result; /* gets the labels */
};

static const struct choice vendors[] = {
	{ .name = "vmx" },
	{ .name = "svm" },
	{ .name = NULL },
};

static int take_layout(void *target, const struct option_def *o, const char *text, char *message,
		       size_t size)
{
	if (strlen(text) == 1 && strchr("abcABC", *text)) {
		*(enum exitprobe_backend *)target =
			(enum exitprobe_backend)(EXITPROBE_COURSE_A + (*text | 0x20) - 'a');
		return 0;
	}
	snprintf(message, size, "--%s '%s' is not one of: a, b, c", o->name, text);
	return -EINVAL;
}

static const struct option_def options[] = {
	{ "vendor", .type = OPTION_CHOICE, .metavar = "VENDOR",
	  .help = "vmx (Intel) or svm (AMD): the same number means another reason",
	  OPTION_AT(struct settings, vendor), .choices = CHOICES(vendors) },
	{ "layout", .type = OPTION_CALL, .metavar = "LAYOUT",
	  .help = "leaves of the patch, for lines of cpuid(1): exits of one reason are in "
		  "0x4ffffffd (a, the default) or 0x4ffffffe (b and c), all exits in 0x4fffffff "
		  "(a and c) or 0x4ffffffc (b)",
	  OPTION_AT(struct settings, layout), .call = take_layout, .values = "a b c" },
	LABEL_OPTION(struct settings, result),
	{ "output", 'o', .type = OPTION_TEXT, .metavar = "FILE",
	  .help = "the result file; - is standard output", OPTION_AT(struct settings, output),
	  .values = ":files" },
	{ "explain", .type = OPTION_FLAG,
	  .help = "tell on standard output how each line was read, or why it was left out; -o is "
		  "not needed then",
	  OPTION_AT(struct settings, explain) },
	{ .name = NULL },
};

static int check(const struct settings *s, int argc, char **argv)
{
	if (argc != 1)
		return complain(EXIT_USAGE, "import: give one listing; see 'suite help import'");
	if (s->vendor < 0)
		return complain(EXIT_USAGE,
				"import: say --vendor vmx (Intel) or --vendor svm (AMD): the same "
				"number means another reason");
	if (!s->output && !s->explain)
		return complain(EXIT_USAGE, "import: say with -o where the result file goes");
	if (s->output && output_same(s->output, argv[0]))
		return complain(EXIT_USAGE,
				"import: '%s' is the listing itself: name another file with -o",
				s->output);
	if (s->output && s->explain && !strcmp(s->output, "-"))
		return complain(EXIT_USAGE,
				"import: --explain is written to standard output, and so "
				"is -o -: name a file");
	return EXIT_DONE;
}

static int read_listing(const struct command *self, const struct settings *s, const char *path)
{
	static const enum exitprobe_vendor vendor[] = { EXITPROBE_VMX, EXITPROBE_SVM };
	char message[512];
	struct dump l = { .path = path,
			  .vendor = vendor[s->vendor],
			  .layout = s->layout,
			  .explain = s->explain ? stdout : NULL,
			  .message = message,
			  .size = sizeof(message) };
	int ret = dump_read_file(&l);

	if (!ret)
		ret = dump_result(s->result, &l);
	if (!ret && s->output && result_write(s->result, s->output, message, sizeof(message)))
		ret = -EIO;
	if (!ret && s->output)
		dump_tell(s->result, &l, s->output, strcmp(s->output, "-") ? stdout : stderr);
	dump_free(&l);
	return command_status(self, ret, message);
}

static int import(const struct command *self, int argc, char **argv)
{
	struct result r = { 0 };
	struct settings s = { .vendor = -1, .layout = EXITPROBE_COURSE_A, .result = &r };
	int status = command_options(self, &s, &argc, argv);

	if (!status)
		status = check(&s, argc, argv);
	if (!status)
		status = read_listing(self, &s, argv[0]);
	result_free(&r);
	return status;
}

COMMAND(command) = {
	.order = 90,
	.summary = "a listing of exits (dmesg, cpuid, ffd.sh) as a result file",
	.run = import,
	.line = { .name = "import",
		  .synopsis = "FILE --vendor VENDOR [OPTION...] -o OUT.json\n"
			      "FILE --vendor VENDOR [OPTION...] --explain [-o OUT.json]",
		  .about = "Turn a listing of exits by reason into a result file, so that report "
			   "and compare work on it, and say whether it is of one paging mode or of "
			   "two. FILE - is standard input. Lines like these are read, with or "
			   "without dmesg's time:\n\n"
			   "  exit number= 48, number_of_exits =890534\n"
			   "  CPUID(0x4FFFFFFD), exit number 48 exits=890534\n"
			   "  CPU 0: 0x4ffffffd 0x30: eax=0x000d96a6 ebx=... ecx=... edx=...\n"
			   "  48- 890534\n"
			   "  total exits = 3931680",
		  .notes = "A reason may be read more than once, as by one cpuid on every CPU: "
			   "the last reading counts, and the difference to the first one is "
			   "shown.",
		  .option = options,
		  .operands = ":files" },
};
