// SPDX-License-Identifier: MIT
// Read a model-specific register through the kernel's device: one RDMSR. The register is the local
// APIC's base address, which every KVM emulates.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "expect.h"
#include "kit/verify.h"
#include "workload.h"

#define IA32_APIC_BASE 0x1b
#define ENABLED (1u << 11)

static int open_msr(const struct bench *b)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", b->cpu);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int read_base(int fd, uint64_t *base)
{
	ssize_t got = pread(fd, base, sizeof(*base), IA32_APIC_BASE);

	return got == sizeof(*base) ? 0 : got < 0 ? -errno : -EIO;
}

static const char *supported(struct bench *b)
{
	uint64_t base;
	int fd = open_msr(b), ret;

	if (fd < 0)
		return fd == -EACCES || fd == -EPERM
			       ? "/dev/cpu/N/msr cannot be opened: needs root"
			       : "/dev/cpu/N/msr does not exist: load the module msr";
	ret = read_base(fd, &base);
	close(fd);
	return ret ? "IA32_APIC_BASE cannot be read" : NULL;
}

static int setup(struct bench *b)
{
	int fd = open_msr(b);

	b->state = (void *)(long)(fd < 0 ? 0 : fd + 1);
	return fd < 0 ? fd : 0;
}

static int read_msr(struct bench *b, uint64_t n)
{
	int fd = (int)(long)b->state - 1, ret;
	uint64_t base;

	for (; b->done < n; b->done++) {
		ret = read_base(fd, &base);
		if (ret)
			return ret;
		if (!(base & ENABLED))
			return -EPROTO;
	}
	return 0;
}

static void teardown(struct bench *b)
{
	if (b->state)
		close((int)(long)b->state - 1);
}

static const struct expectation expected[] = {
	{ 0, MSR, BETWEEN(0.95, 1.05), /* ticks are MSR exits, too */
	  .source =
		  "not among the registers that a guest reads directly: svm.c direct_access_msrs, "
		  "vmx.c vmx_possible_passthrough_msrs. Measured 1.00 to 1.02, 2026-11-22" },
	{ .source = NULL },
};

WORKLOAD(msr_read) = {
	.name = "msr",
	.summary = "read IA32_APIC_BASE through /dev/cpu/N/msr",
	.op = "read",
	.control = "syscall",
	.kernel_entries = 1,
	.supported = supported,
	.setup = setup,
	.run = read_msr,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
