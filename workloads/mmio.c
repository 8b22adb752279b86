// SPDX-License-Identifier: MIT
// Read a memory-mapped device register. Only registers known to be harmless to read will do, like
// the single one of QEMU's pvpanic-pci, which says what the device can report.
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expect.h"
#include "kit/memory.h"
#include "kit/verify.h"
#include "workload.h"

#define DEVICES "/sys/bus/pci/devices/*"
/* QEMU's docs/specs/pci-ids.txt and pvpanic.txt: BAR 0, a byte of events at offset 0 */
#define PVPANIC_VENDOR 0x1b36
#define PVPANIC_DEVICE 0x0011

struct device {
	char path[160]; /* in sysfs */
	volatile uint8_t *page;
	size_t offset; /* of the register in its page */
	uint8_t events;
	bool enabled; /* by us */
};

static unsigned long number(const char *device, const char *file)
{
	unsigned long value = 0;
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", device, file);
	f = fopen(path, "re");
	if (!f)
		return 0;
	/* %li: vendor and device in hexadecimal, enable in decimal */
	if (fscanf(f, "%li", (long *)&value) != 1)
		value = 0;
	fclose(f);
	return value;
}

static bool find(char *path, size_t size)
{
	bool found = false;
	glob_t g;
	size_t i;

	if (glob(DEVICES, 0, NULL, &g))
		return false;
	for (i = 0; i < g.gl_pathc && !found; i++) {
		found = number(g.gl_pathv[i], "vendor") == PVPANIC_VENDOR &&
			number(g.gl_pathv[i], "device") == PVPANIC_DEVICE;
		if (found)
			snprintf(path, size, "%s", g.gl_pathv[i]);
	}
	globfree(&g);
	return found;
}

static int enable(const struct device *d, const char *value)
{
	char path[256];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/enable", d->path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = write(fd, value, 1) == 1 ? 0 : -errno;
	close(fd);
	return ret;
}

/* A BAR smaller than a page is mapped with its whole page. */
static int map(struct device *d)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/resource0", d->path);
	fd = open(path, O_RDWR | O_SYNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	d->page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (d->page == MAP_FAILED)
		return -errno;
	d->offset = number(d->path, "resource") % PAGE;
	return 0;
}

static const char *supported(struct bench *b)
{
	struct device d = { .enabled = false };
	char path[256];

	(void)b;
	if (!find(d.path, sizeof(d.path)))
		return "no device whose registers are known to be harmless to read (QEMU: -device "
		       "pvpanic-pci)";
	snprintf(path, sizeof(path), "%s/resource0", d.path);
	return access(path, R_OK | W_OK) ? "resource0 of the pvpanic device needs root" : NULL;
}

static int setup(struct bench *b)
{
	struct device *d = calloc(1, sizeof(*d));
	int ret;

	if (!d)
		return -ENOMEM;
	b->state = d;
	if (!find(d->path, sizeof(d->path)))
		return -ENODEV;
	if (!number(d->path, "enable")) {
		ret = enable(d, "1");
		if (ret)
			return ret;
		d->enabled = true;
	}
	ret = map(d);
	if (ret)
		return ret;
	d->events = d->page[d->offset]; /* also the first fill of the page tables */
	return d->events == 0xff ? -EIO : 0;
}

static int read_register(struct bench *b, uint64_t n)
{
	const struct device *d = b->state;
	volatile uint8_t *events = d->page + d->offset;

	for (; b->done < n; b->done++)
		if (*events != d->events)
			return -EPROTO;
	return 0;
}

static void teardown(struct bench *b)
{
	struct device *d = b->state;

	if (!d)
		return;
	if (d->page && d->page != MAP_FAILED)
		munmap((void *)d->page, PAGE);
	if (d->enabled)
		enable(d, "0");
	free(d);
}

static const struct expectation expected[] = {
	{ NESTED, MMIO, EXACTLY(1), VMX,
	  .source = "mmu.c kvm_mmu_page_fault, handle_mmio_page_fault: EPT_MISCONFIG. Measured "
		    "1.000, 2026-11-22" },
	{ NESTED, NESTED_PAGE_FAULT, EXACTLY(1), SVM,
	  .source = "mmu.c handle_mmio_page_fault: reserved bits of the entry. Measured 1.000, "
		    "2026-11-22" },
	{ SHADOW, PAGE_FAULT, EXACTLY(1), SVM,
	  .source = "mmu.c handle_mmio_page_fault: reserved bits of the entry. Measured 1.000, "
		    "2026-11-22" },
	{ SHADOW, EXCEPTION, EXACTLY(1), VMX,
	  .source = "mmu.c handle_mmio_page_fault: reserved bits of the entry" },
	{ .source = NULL },
};

WORKLOAD(mmio_read) = {
	.name = "mmio",
	.summary = "read a memory-mapped device register (QEMU's pvpanic-pci)",
	.op = "read",
	.supported = supported,
	.setup = setup,
	.run = read_register,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
