// SPDX-License-Identifier: MIT
/* Replaces probe/cpuid.c: the whole program runs with counters that a test knows. */
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "fake_state.h"
#include "internal.h"

/* The timer of a guest: interrupts at a fixed rate, seen at the next reading. */
static void tick(struct fake_kvm *k)
{
	static double due, last;
	const char *rate = getenv("FAKE_KVM_TICKS");
	struct timespec t;
	double now;

	if (!rate)
		return;
	clock_gettime(CLOCK_MONOTONIC, &t);
	now = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
	due += last > 0 ? (now - last) * atof(rate) : 0;
	last = now;
	if (due >= 1)
		fake_kvm_exits(k, k->vendor == EXITPROBE_SVM ? 0x60 : 1, (uint64_t)due);
	due -= (double)(uint64_t)due;
}

void ep_cpuid_instruction(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	static struct fake_kvm *shared;
	struct fake_kvm own; /* state that only this process sees: its functions, its vCPU */
	static struct exitprobe_source source;

	(void)context;
	if (!shared) {
		shared = fake_state();
		fake_kvm_init(&own, shared->vendor);
		source = own.source;
	}
	shared->vcpu = (unsigned int)sched_getcpu() % FAKE_LOAD_VCPU;
	shared->background = NULL;
	tick(shared);
	source.cpuid(shared, leaf, subleaf, regs);
}
