// SPDX-License-Identifier: MIT
/*
 * fake_load [MS:]CODE=N...: N exits of each code on the fake KVM, MS milliseconds after the one
 * before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_state.h"

static void exits(struct fake_kvm *k, const char *text)
{
	const char *colon = strchr(text, ':');
	struct fake_vcpu *v = &k->stat[FAKE_LOAD_VCPU];
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
	int i;

	for (i = 1; i < argc; i++)
		exits(k, argv[i]);
	return 0;
}
