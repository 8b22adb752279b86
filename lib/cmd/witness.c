// SPDX-License-Identifier: MIT
/*
 * The last reading of a laboratory run. The outer VM counts exits by its own means until the inner
 * VM stops; this command makes it stop at an exit that is known, so that what happens after the
 * reading can be listed and need not be estimated:
 *
 *   marker    CPUID of an unassigned leaf: from here on the outer VM records every exit
 *   snapshot  each counter is answered in an exit of its own, in an order that is recorded too
 *   pause     one byte to a pvpanic device (one MMIO exit), on which QEMU pauses the VM
 *
 * The file is written when the VM runs again.
 */
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "exitprobe.h"

#define MARKER_LEAF 0x4fffffeeu
#define MARKER_SUBLEAF 0x57495453u /* "STIW" */
#define PVPANIC_PANICKED 1         /* QEMU docs/specs/pvpanic.txt */

static const char witness_usage[] =
	"usage: suite witness --pause RESOURCE -o FILE\n\n"
	"Plumbing of the laboratory: read all exit counters, then pause the VM at once.\n"
	"RESOURCE: resource0 of an enabled pvpanic-pci device in sysfs; QEMU must have\n"
	"been started with -action panic=pause. FILE: a line per slot, 'SLOT KEY COUNT'.\n";

/* A BAR can be smaller than a page and lie anywhere in one; sysfs maps the page. */
static int bar_offset(const char *resource, unsigned int *offset)
{
	char path[PATH_MAX], copy[PATH_MAX];
	unsigned long long start;
	FILE *f;
	int n;

	snprintf(copy, sizeof(copy), "%s", resource);
	snprintf(path, sizeof(path), "%s/resource", dirname(copy));
	f = fopen(path, "re");
	if (!f)
		return -errno;
	n = fscanf(f, "%llx", &start);
	fclose(f);
	if (n != 1)
		return -EINVAL;
	*offset = start % (unsigned long long)sysconf(_SC_PAGESIZE);
	return 0;
}

static int map_device(const char *resource, volatile uint8_t **device)
{
	long page = sysconf(_SC_PAGESIZE);
	unsigned int offset = 0;
	uint8_t *map;
	int fd, ret;

	ret = bar_offset(resource, &offset);
	if (ret)
		return ret;
	fd = open(resource, O_RDWR | O_SYNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	map = mmap(NULL, (size_t)page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ret = map == MAP_FAILED ? -errno : 0;
	close(fd);
	if (!ret)
		*device = map + offset;
	return ret;
}

static void marker(void)
{
	uint32_t a, b, c, d;

	__cpuid_count(MARKER_LEAF, MARKER_SUBLEAF, a, b, c, d);
}

/*
 * The first reading and the read of the device are there for their side effects: code, stack and
 * device page are then mapped, and between marker and pause little else exits.
 */
static int read_and_pause(const struct exitprobe *p, volatile uint8_t *device,
			  struct exitprobe_snapshot *s)
{
	int ret;

	ret = exitprobe_snapshot(p, 0, s);
	if (ret)
		return ret;
	if (!(*device & PVPANIC_PANICKED))
		return -ENODEV;
	marker();
	ret = exitprobe_snapshot(p, 0, s);
	*device = PVPANIC_PANICKED;
	return ret;
}

static int write_out(const struct exitprobe *p, const struct exitprobe_snapshot *s,
		     const char *path)
{
	char key[24];
	uint32_t i;
	FILE *f;

	f = fopen(path, "we");
	if (!f)
		return -errno;
	for (i = 0; i < exitprobe_slots(p); i++)
		fprintf(f, "%" PRIu32 " %s %" PRIu64 "\n", i,
			exitprobe_key(p->vendor, exitprobe_slot_code(p, i), key), s->count[i]);
	if (ferror(f)) {
		fclose(f);
		return -EIO;
	}
	return fclose(f) ? -errno : 0;
}

static int witness(const char *resource, const char *path)
{
	struct exitprobe_snapshot s;
	volatile uint8_t *device = NULL;
	struct exitprobe p;
	int ret;

	ret = exitprobe_open(&p, NULL);
	if (ret)
		return complain(EXIT_ENVIRONMENT, "witness: no exit counters: %s", p.why);
	ret = map_device(resource, &device);
	if (ret)
		return complain(EXIT_ENVIRONMENT,
				"witness: %s cannot be mapped: %s; it must be resource0 of an "
				"enabled pvpanic-pci device",
				resource, strerror(-ret));
	ret = read_and_pause(&p, device, &s);
	if (ret == -ENODEV)
		return complain(EXIT_ENVIRONMENT, "witness: %s is no pvpanic device", resource);
	if (ret)
		return complain(EXIT_ENVIRONMENT, "witness: the counters cannot be read: %s",
				strerror(-ret));
	ret = write_out(&p, &s, path);
	if (ret)
		return complain(EXIT_ENVIRONMENT, "witness: %s cannot be written: %s", path,
				strerror(-ret));
	return EXIT_DONE;
}

int cmd_witness(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "output", required_argument, NULL, 'o' },
		{ "pause", required_argument, NULL, 'p' },
		{ 0 },
	};
	const char *resource = NULL, *path = NULL;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			fputs(witness_usage, stdout);
			return EXIT_DONE;
		case 'o':
			path = optarg;
			break;
		case 'p':
			resource = optarg;
			break;
		default:
			return bad_option("witness", argc, argv);
		}
	}
	if (!resource || !path || optind != argc)
		return complain(EXIT_USAGE,
				"witness: takes --pause RESOURCE and -o FILE and nothing else");
	return witness(resource, path);
}
