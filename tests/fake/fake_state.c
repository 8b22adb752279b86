// SPDX-License-Identifier: MIT
#include "fake_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

static bool is(const char *name, const char *value)
{
	const char *text = getenv(name);

	return text && !strcmp(text, value);
}

static void fill(struct fake_kvm *k)
{
	const enum exitprobe_vendor vendor =
		is("FAKE_KVM_VENDOR", "vmx") ? EXITPROBE_VMX : EXITPROBE_SVM;

	fake_kvm_init(k, vendor);
	k->nested = !is("FAKE_KVM_PAGING", "shadow");
	k->histograms = is("FAKE_KVM_HISTOGRAMS", "on");
	k->in_flight =
		getenv("FAKE_KVM_IN_FLIGHT") ? (uint32_t)atoi(getenv("FAKE_KVM_IN_FLIGHT")) : 0;
	k->vcpus = FAKE_VCPUS;
	k->instance = (uint32_t)getpid();
	k->vcpu = FAKE_LOAD_VCPU;
	/* Exits that reveal the paging mode: nested page faults, or flushes. */
	if (vendor == EXITPROBE_SVM)
		fake_kvm_exits(k, k->nested ? 0x400 : 0x79, 1000);
	else
		fake_kvm_exits(k, k->nested ? 48 : 14, 1000);
}

struct fake_kvm *fake_state(void)
{
	const char *path = getenv("FAKE_KVM");
	struct fake_kvm *k = MAP_FAILED;
	int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;

	if (fd >= 0 && !flock(fd, LOCK_EX) && !ftruncate(fd, sizeof(*k)))
		k = mmap(NULL, sizeof(*k), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (k == MAP_FAILED) {
		fprintf(stderr, "fake: $FAKE_KVM '%s': %s\n", path ? path : "(not set)",
			strerror(errno));
		exit(99);
	}
	if (!k->slots)
		fill(k);
	flock(fd, LOCK_UN);
	close(fd);
	return k;
}
