// SPDX-License-Identifier: MIT
/* What a boot costs: `mark` at its stations, `show` and `suite compare` afterwards. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boot/boot.h"
#include "cmd/cmd.h"
#include "guest/guest.h"

#define DEFAULT_FILE "/run/suite-boot.json"

static const char usage[] =
	"usage: suite boot mark NAME [OPTION...]\n"
	"       suite boot show [FILE]\n\n"
	"What booting this VM costs in exits, by reason, up to marked moments. 'mark'\n"
	"adds one to the file; run it first thing (init=, a unit, inittab: suite-boot(1))\n"
	"and where the boot is done. 'show' prints the file. 'suite compare A B' compares\n"
	"two boots by their marks.\n\n"
	"  -o FILE            the file (default " DEFAULT_FILE ")\n"
	"  --fact NAME=TEXT   record a fact that the guest cannot see (accelerator=kvm)\n\n"
	"The exits of the mark itself are taken out. Exit status 3: no counters here,\n"
	"with the reason, or the file cannot be written.\n";

struct request {
	const char *file;
	struct result given; /* facts alone */
};

static int check_name(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

	if (*name && strlen(name) <= 40 && !name[strspn(name, good)])
		return EXIT_DONE;
	return complain(EXIT_USAGE,
			"boot: mark '%.60s' is not 1 to 40 lower-case letters, digits, - and _",
			name);
}

/* What another boot has left stays, beside the new file. */
static int put_aside(const char *file)
{
	char old[4096];

	snprintf(old, sizeof(old), "%s.old", file);
	if (rename(file, old))
		return complain(EXIT_ENVIRONMENT,
				"boot: %s is of another boot and cannot be moved: %s", file,
				strerror(errno));
	complain(0, "boot: %s was of another boot: it is %s now", file, old);
	return EXIT_DONE;
}

/* The file so far, when there is one and it is of this boot; *there says so. */
static int read_old(struct result *old, const struct boot_reading *b, const char *file, bool *there)
{
	char message[512];

	if (access(file, F_OK))
		return EXIT_DONE;
	if (result_read(old, file, message, sizeof(message)))
		return complain(EXIT_USAGE, "boot: %s", message);
	*there = boot_same(old, b);
	return *there ? EXIT_DONE : put_aside(file);
}

static int write_mark(const struct request *q, const struct result *old,
		      const struct boot_reading *b, const char *name)
{
	struct result r = { .major = RESULT_MAJOR, .minor = RESULT_MINOR };
	char full[64], message[512], started[32];
	int ret, status = EXIT_DONE;
	size_t i;

	snprintf(full, sizeof(full), BOOT_PREFIX "%s", name);
	if (old && result_find(old, full))
		return complain(EXIT_USAGE,
				"boot: %s has a mark '%s' of this boot: choose another name",
				q->file, name);
	environment_now(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ");
	r.started = strdup(started);
	r.tool_version = strdup(SUITE_VERSION);
	for (i = 0, ret = 0; i < q->given.labels && !ret; i++)
		ret = result_add_label(&r, q->given.label[i].name, "%s", q->given.label[i].value);
	if (!ret)
		ret = boot_mark(&r, old, b, name);
	if (ret == -ERANGE)
		status = complain(EXIT_ENVIRONMENT,
				  "boot: the counters ran backwards since the last mark in %s; has "
				  "the VM been moved?",
				  q->file);
	else if (ret)
		status = complain(EXIT_ENVIRONMENT, "boot: %s", strerror(-ret));
	else if (result_write(&r, q->file, message, sizeof(message)))
		status = complain(EXIT_ENVIRONMENT, "boot: %s", message);
	result_free(&r);
	return status;
}

static int mark(const struct request *q, const char *name)
{
	struct result old = { 0 };
	struct boot_reading b;
	bool there = false;
	int status;

	status = check_name(name);
	if (status)
		return status;
	/* First of all the reading: what follows costs exits too. */
	if (boot_read(&b))
		return complain(EXIT_ENVIRONMENT, "boot: no exit counters: %s", b.probe.why);
	status = read_old(&old, &b, q->file, &there);
	if (!status)
		status = write_mark(q, there ? &old : NULL, &b, name);
	result_free(&old);
	return status;
}

static int show(const char *file)
{
	char message[512];
	struct result r;
	int status = EXIT_DONE;

	if (result_read(&r, file, message, sizeof(message)))
		return complain(EXIT_USAGE, "boot: %s", message);
	if (!boot_show(&r, stdout))
		status = complain(EXIT_USAGE, "boot: %s has no marks of a boot", file);
	result_free(&r);
	return status;
}

static int dispatch(const struct request *q, int argc, char **argv)
{
	const char *verb = argc > 0 ? argv[0] : "";

	if (!strcmp(verb, "mark") && argc == 2)
		return mark(q, argv[1]);
	if (!strcmp(verb, "show") && argc <= 2)
		return show(argc == 2 ? argv[1] : q->file);
	return complain(EXIT_USAGE,
			"boot: say 'mark NAME' or 'show [FILE]'; see 'suite help boot'");
}

int cmd_boot(int argc, char **argv)
{
	static const struct option options[] = {
		{ "fact", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};
	struct request q = { .file = DEFAULT_FILE };
	int option, status = EXIT_DONE;

	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			status = take_label("boot", &q.given, optarg);
			break;
		case 'h':
			fputs(usage, stdout);
			result_free(&q.given);
			return EXIT_DONE;
		case 'o':
			q.file = optarg;
			break;
		default:
			status = bad_option("boot", argc, argv);
		}
	}
	if (!status)
		status = dispatch(&q, argc - optind, argv + optind);
	result_free(&q.given);
	return status;
}
