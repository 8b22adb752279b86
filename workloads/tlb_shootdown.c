// SPDX-License-Identifier: MIT
// Remove a page's write permission and restore it while another CPU runs a thread of the same
// process: each flush must reach that CPU too, by an interrupt.
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "expect.h"
#include "kit/cpus.h"
#include "kit/memory.h"
#include "workload.h"

struct shootdown {
	volatile uint64_t *page;
	pthread_t thread;
	bool started;
	int cpu;
	volatile uint32_t stop, running;
};

static const char *supported(struct bench *b)
{
	return workload_other_cpu(b) < 0 ? "needs two CPUs" : NULL;
}

/* No PAUSE: it may exit. */
static void *spin(void *state)
{
	struct shootdown *s = state;

	workload_pin(s->cpu);
	s->running = 1;
	while (!s->stop)
		;
	return NULL;
}

static int setup(struct bench *b)
{
	struct shootdown *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	b->state = s;
	s->page = workload_map(PAGE, true);
	if (!s->page)
		return -errno;
	s->cpu = workload_other_cpu(b);
	ret = -pthread_create(&s->thread, NULL, spin, s);
	s->started = !ret;
	while (!ret && !s->running)
		;
	return ret;
}

static int toggle(struct bench *b, uint64_t n)
{
	struct shootdown *s = b->state;
	void *page = (void *)s->page;

	for (; b->done < n; b->done++) {
		if (mprotect(page, PAGE, PROT_READ) || mprotect(page, PAGE, PROT_READ | PROT_WRITE))
			return -errno;
		++*s->page;
	}
	return 0;
}

/* The page counts the writes that succeeded. */
static int verify(const struct bench *b, uint64_t n)
{
	const struct shootdown *s = b->state;

	return *s->page == n ? 0 : -ERANGE;
}

static void teardown(struct bench *b)
{
	struct shootdown *s = b->state;

	if (!s)
		return;
	s->stop = 1;
	if (s->started)
		pthread_join(s->thread, NULL);
	if (s->page)
		munmap((void *)s->page, PAGE);
	free(s);
}

#define ICR "one write of the interrupt command register per flush: tlb.c flush_tlb_multi"
#define KICK                                                                                     \
	"the other CPU exits to take it: x86.c kvm_vcpu_kick; one that has already exited does " \
	"not"

static const struct expectation expected[] = {
	{ 0, MSR, BETWEEN(1.8, 2.2), SVM, .source = ICR },
	{ NESTED, MSR, BETWEEN(1.8, 2.2), VMX, .source = ICR },
	{ SHADOW, MSR, BETWEEN(1.8, 2.2), VMX, .pti = "off", .source = ICR },
	{ SHADOW, MSR, BETWEEN(3.65, 4.3), VMX, .pti = "on",
	  .source = ICR "; with PTI also one to end each interrupt, as in ipi.membarrier. Measured "
			"4.08 with PTI, 2026-11-23" },
	{ 0, INTERRUPT, BETWEEN(0, 2.4), SVM, .source = KICK },
	{ NESTED, INTERRUPT, BETWEEN(0, 2.4), VMX, .source = KICK },
	{ SHADOW, INTERRUPT, BETWEEN(0, 10.4), VMX,
	  .source = KICK ", and so it does for each of up to 8 flushes that KVM makes when it "
			 "handles INVLPG and INVPCID: paging_tmpl.h invlpg. Measured 6.15, "
			 "2026-11-23" },
	{ SHADOW, INVLPG, BETWEEN(-0.4, 0),
	  .source = "both CPUs flush the page in both directions: tlb.c flush_tlb_func; the other "
		    "one is skipped while it runs a kernel thread: tlb.c tlb_is_not_lazy. Measured "
		    "3.99, 2026-11-22, and 3.96 on a busy machine, 2026-11-26" },
	{ .source = NULL },
};

WORKLOAD(tlb_shootdown) = {
	.name = "tlb.shootdown",
	.summary = "mprotect of a page and back while another CPU runs the same process",
	.op = "toggle",
	.control = "mprotect.toggle",
	.kernel_entries = 4, /* two calls here, two interrupts there */
	.flushes = 4,
	.alone = "it uses two vCPUs itself",
	.supported = supported,
	.setup = setup,
	.run = toggle,
	.verify = verify,
	.teardown = teardown,
	.expect = expected,
};
