// SPDX-License-Identifier: MIT
/*
 * fake_load [@VCPU] [MS:]CODE=N...: N exits of each code on the fake KVM, MS milliseconds after the
 * one before. On a vCPU of the suite's own (0, 1) it must not be CPUID.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_state.h"

static void exits(struct fake_kvm *k, unsigned int vcpu, const char *text)
{
	const char *colon = strchr(text, ':');
	struct fake_vcpu *v = &k->stat[vcpu];
	unsigned long code, n;
	char *end;

	if (colon)
		usleep((useconds_t)atoi(text) * 1000);
	code = strtoul(colon ? colon + 1 : text, &end, 0);
	n = *end == '=' ? strtoul(end + 1, NULL, 0) : 0;
	__atomic_fetch_add(&v->count[fake_kvm_slot((uint32_t)code)], n, __ATOMIC_RELAXED);
	__atomic_fetch_add(&v->busy[fake_kvm_slot((uint32_t)code)], n * FAKE_BUSY,
			   __ATOMIC_RELAXED);
}

int main(int argc, char **argv)
{
	struct fake_kvm *k = fake_state();
	unsigned int vcpu = FAKE_LOAD_VCPU;
	int i;

	for (i = 1; i < argc; i++)
		if (argv[i][0] == '@')
			vcpu = (unsigned int)atoi(argv[i] + 1) % FAKE_VCPUS;
		else
			exits(k, vcpu, argv[i]);
	return 0;
}
