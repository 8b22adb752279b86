// SPDX-License-Identifier: MIT
// Port I/O that the hypervisor's kernel answers itself, without a trip to its user space: IN from
// port 0x61, the speaker of KVM's interval timer. The same exit as io.pio, handled faster.
#include <sys/io.h>
#include <unistd.h>

#include "expect.h"
#include "kit/port.h"
#include "kit/verify.h"
#include "workload.h"

#define PORT 0x61

static const char port[] = "port 0x61", device[] = "/dev/port";

static const char *supported(struct bench *b)
{
	b->mechanism = workload_port_works(PORT, false) ? port
		       : !access(device, R_OK | W_OK)   ? device
							: NULL;
	return b->mechanism ? NULL
			    : "IN from port 0x61 faults or is not allowed (needs root; QEMU's "
			      "emulated SVM refuses it), and /dev/port does not exist";
}

static int setup(struct bench *b)
{
	return port_setup(b, PORT, b->mechanism == port ? NULL : device);
}

static int read_port(struct bench *b, uint64_t n)
{
	int fd = port_file(b);
	uint8_t byte;

	if (b->mechanism == port)
		for (; b->done < n; b->done++)
			inb(PORT);
	for (; b->done < n; b->done++)
		if (pread(fd, &byte, 1, PORT) != 1)
			return -EIO;
	return 0;
}

static void teardown(struct bench *b)
{
	port_teardown(b, PORT);
}

static const struct expectation expected[] = {
	{ 0, IO, EXACTLY(1),
	  .source = "vmx.c handle_io, svm.c io_interception; i8254.c speaker_ioport_read answers. "
		    "Measured 1.000 on VMX, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(io_kernel) = {
	.name = "io.kernel",
	.summary = "IN from port 0x61, which KVM answers in the kernel",
	.op = "access",
	.control = "io.pio",
	.supported = supported,
	.setup = setup,
	.run = read_port,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
