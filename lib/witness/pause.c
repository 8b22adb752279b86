// SPDX-License-Identifier: MIT
#include "witness/pause.h"

#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/message.h"
#include "exitprobe.h"

#define PVPANIC_PANICKED 1 /* QEMU's docs/specs/pvpanic.txt */

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
 * Read the pages, and mark: what was recorded before the last marker is in this reading, and
 * nothing else. So no exit may come between the two, which a second reading tells: it must have one
 * CPUID more. A timer's tick comes every few milliseconds, so the second round is rarely needed.
 */
static int read_pages(const struct exitprobe *p, struct exitprobe_snapshot *s,
		      struct exitprobe_snapshot *later)
{
	unsigned int round;
	int ret;

	for (round = 0; round < 32; round++) {
		ret = exitprobe_snapshot(p, 0, s);
		marker();
		if (!ret)
			ret = exitprobe_snapshot(p, 0, later);
		if (ret)
			return ret;
		later->count[s->cpuid_slot]--;
		if (!memcmp(s->count, later->count, sizeof(s->count)))
			return 0;
	}
	return -EAGAIN;
}

/*
 * QEMU 7.2 leaves the type of an exception that the guest has delivered to itself in EXITINTINFO,
 * and the KVM of 7.2 looks at the type alone: it takes an MMIO access for one of the delivery,
 * which it does not emulate, and gives the VM up. Any exit clears it.
 */
static void any_exit(void)
{
	uint32_t a, b, c, d;

	__cpuid(0, a, b, c, d);
}

/*
 * The first readings and the read of the device are there for their side effects: code, stack and
 * device page are then mapped, and between marker and pause little else exits, or faults.
 */
static int read_and_pause(const struct exitprobe *p, volatile uint8_t *device,
			  struct exitprobe_snapshot *s)
{
	struct exitprobe_snapshot later;
	int ret;

	ret = exitprobe_snapshot(p, 0, &later);
	if (!ret)
		ret = exitprobe_snapshot(p, 0, s);
	if (ret)
		return ret;
	any_exit();
	if (!(*device & PVPANIC_PANICKED))
		return -ENODEV;
	marker();
	ret = p->backend == EXITPROBE_PAGE ? read_pages(p, s, &later) : exitprobe_snapshot(p, 0, s);
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

int witness_pause(const char *resource, const char *path, char *message, size_t size)
{
	struct exitprobe_snapshot s;
	volatile uint8_t *device = NULL;
	struct exitprobe p;
	int ret;

	ret = exitprobe_open(&p, NULL);
	if (ret)
		return explain(message, size, ret, "no exit counters: %s", p.why);
	ret = map_device(resource, &device);
	if (ret)
		return explain(message, size, ret,
			       "%s cannot be mapped: %s; it must be resource0 of an enabled "
			       "pvpanic-pci device",
			       resource, strerror(-ret));
	ret = read_and_pause(&p, device, &s);
	if (ret == -ENODEV)
		return explain(message, size, ret, "%s is not a pvpanic device", resource);
	if (ret)
		return explain(message, size, ret, "the counters cannot be read: %s",
			       strerror(-ret));
	ret = write_out(&p, &s, path);
	if (ret)
		return explain(message, size, ret, "%s cannot be written: %s", path,
			       strerror(-ret));
	return 0;
}
