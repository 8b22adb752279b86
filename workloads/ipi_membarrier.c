// SPDX-License-Identifier: MIT
// membarrier() while another CPU runs a thread of the same process: one interrupt from CPU to CPU
// and the wait until it is taken. No page table is involved.
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"
#include "kit/cpus.h"
#include "kit/verify.h"
#include "workload.h"

struct pair {
	pthread_t thread;
	bool started;
	int cpu;
	volatile uint32_t stop, running;
};

static int membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0) ? -errno : 0;
}

static const char *supported(struct bench *b)
{
	if (workload_other_cpu(b) < 0)
		return "needs two CPUs";
	return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)
		       ? "this kernel has no expedited membarrier()"
		       : NULL;
}

/* No PAUSE: it may exit. */
static void *spin(void *state)
{
	struct pair *p = state;

	workload_pin(p->cpu);
	p->running = 1;
	while (!p->stop)
		;
	return NULL;
}

static int setup(struct bench *b)
{
	struct pair *p = calloc(1, sizeof(*p));
	int ret;

	if (!p)
		return -ENOMEM;
	b->state = p;
	p->cpu = workload_other_cpu(b);
	ret = -pthread_create(&p->thread, NULL, spin, p);
	p->started = !ret;
	while (!ret && !p->running)
		;
	return ret;
}

static int barrier(struct bench *b, uint64_t n)
{
	int ret = 0;

	for (; b->done < n && !ret; b->done += !ret)
		ret = membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
	return ret;
}

static void teardown(struct bench *b)
{
	struct pair *p = b->state;

	if (!p)
		return;
	p->stop = 1;
	if (p->started)
		pthread_join(p->thread, NULL);
	free(p);
}

#define ICR "one write of the interrupt command register: apic.c native_x2apic_icr_write"

static const struct expectation expected[] = {
	{ 0, MSR, BETWEEN(0.95, 1.1), SVM, .source = ICR },
	{ NESTED, MSR, BETWEEN(0.95, 1.1), VMX, .source = ICR },
	{ SHADOW, MSR, BETWEEN(0.95, 1.1), VMX, .pti = "off", .source = ICR },
	{ SHADOW, MSR, BETWEEN(1.95, 2.1), VMX, .pti = "on",
	  .source = ICR "; with PTI also one to end the interrupt: its entry writes CR3, an exit "
			"at which lapic.c pv_eoi_test_and_clr_pending revokes the permission to "
			"skip that write. Measured 2.03 with PTI, 2026-11-23" },
	{ 0, INTERRUPT, BETWEEN(0, 1.2),
	  .source = "the other CPU exits to take it: x86.c kvm_vcpu_kick; one that has already "
		    "exited does not" },
	{ .source = NULL },
};

WORKLOAD(ipi_membarrier) = {
	.name = "ipi.membarrier",
	.summary = "membarrier: an interrupt to a CPU that runs the same process, and its answer",
	.op = "call",
	.control = "syscall",
	.kernel_entries = 2, /* the call here, the interrupt there */
	.alone = "it uses two vCPUs itself",
	.supported = supported,
	.setup = setup,
	.run = barrier,
	.verify = workload_verify_count,
	.teardown = teardown,
	.expect = expected,
};
