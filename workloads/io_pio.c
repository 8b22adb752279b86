// SPDX-License-Identifier: MIT
// Port I/O. Preferred: one OUT to port 0x80 from user space, one exit. Where that is not allowed,
// or faults (QEMU's emulated SVM checks the I/O permission bitmap wrongly): a PCI configuration
// register read through sysfs, which is one OUT of the address and one IN of the data.
#include <sys/io.h>
#include <unistd.h>

#include "expect.h"
#include "kit/port.h"
#include "kit/verify.h"
#include "workload.h"

#define PORT 0x80 /* POST code: no device acts on it */
#define CONFIG "/sys/bus/pci/devices/0000:00:00.0/config"

static const char port[] = "port 0x80", pci[] = "pci configuration read";
static const char *supported(struct bench *b)
{
	b->mechanism = workload_port_works(PORT, true) ? port : !access(CONFIG, R_OK) ? pci : NULL;
	return b->mechanism ? NULL
			    : "ioperm() is not allowed (needs root) and sysfs has no PCI "
			      "configuration space";
}

static int setup(struct bench *b)
{
	return port_setup(b, PORT, b->mechanism == port ? NULL : CONFIG);
}

static int access_io(struct bench *b, uint64_t n)
{
	int fd = port_file(b);
	uint32_t id;

	if (b->mechanism == port)
		for (; b->done < n; b->done++)
			outb(0, PORT);
	for (; b->done < n; b->done++)
		if (pread(fd, &id, sizeof(id), 0) != sizeof(id))
			return -EIO;
	return 0;
}

static void teardown(struct bench *b)
{
	port_teardown(b, PORT);
}

static const struct expectation expected[] = {
	{ 0, IO, EXACTLY(1), .mechanism = port,
	  .source = "vmx.c handle_io, svm.c io_interception: one per OUT" },
	{ 0, IO, EXACTLY(2), .mechanism = pci,
	  .source = "pci/direct.c pci_conf1_read: OUT 0xcf8, IN 0xcfc. Measured 2.000" },
	{ .source = NULL },
};

WORKLOAD(io_pio) = {
	.name = "io.pio",
	.summary = "port I/O: OUT to port 0x80, or a PCI configuration read",
	.op = "access",
	.supported = supported,
	.setup = setup,
	.run = access_io,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
