/* SPDX-License-Identifier: MIT */
/*
 * A hypervisor behind struct exitprobe_source: a patched KVM as kernel-patch/ABI.md says, the
 * patches of the course, and all that answers CPUID without being patched. It counts every CPUID
 * before it answers it, as the hardware does. Written from the documents, not from the library: it
 * has its own slot map and its own list of defined reasons.
 */
#ifndef FAKE_KVM_H
#define FAKE_KVM_H

#include "exitprobe.h"

#define FAKE_VCPUS 4
#define FAKE_SLOTS 202
#define FAKE_BUSY 1200 /* cycles of one CPUID exit, credited at the next entry */
#define FAKE_WALL 1500
#define FAKE_BUCKET 10                        /* of FAKE_BUSY cycles */
#define FAKE_ODD_BUCKET(slot) ((slot)*7 % 64) /* holds one exit of each slot that has any */

enum fake_host {
	FAKE_KVM,
	FAKE_KVM_AS_HYPERV, /* KVM that shows Hyper-V's leaves first */
	FAKE_TCG,
	FAKE_VMWARE,
	FAKE_HYPERV,
	FAKE_NOVEL,      /* a signature nobody has seen */
	FAKE_BARE_METAL, /* Bochs looks the same */
};

struct fake_vcpu {
	uint64_t count[FAKE_SLOTS], busy[FAKE_SLOTS], wall[FAKE_SLOTS];
};

struct fake_kvm {
	struct exitprobe_source source; /* for exitprobe_open() */

	/* What it is. Change at will before or between calls. */
	enum fake_host host;
	enum exitprobe_vendor vendor;  /* of the hardware */
	bool amd_name;                 /* CPU vendor that the guest is shown */
	bool extension;                /* leaves 0x4fffff00.. answer */
	enum exitprobe_backend course; /* layout of the course leaves, NONE: unpatched */
	bool nested, histograms, counts_l2;
	uint32_t abi, slots, highest; /* as announced */
	uint32_t basic;               /* highest basic leaf */
	bool careless;            /* course patch of others: leaves garbage in unused registers */
	bool forgets_undefined;   /* the same, without the rule for undefined reasons */
	unsigned int vcpus, vcpu; /* created; the one that executes */
	uint32_t instance;
	uint32_t in_flight; /* of each slot's exits, not in its histogram yet */

	/* Called with each CPUID exit, before it is answered: exits of elsewhere go here. */
	void (*background)(struct fake_kvm *k);

	/* What happened. */
	uint64_t calls; /* CPUID instructions executed */
	uint32_t last_leaf, last_subleaf;
	struct fake_vcpu stat[FAKE_VCPUS];
	uint32_t random;
};

/* Patched KVM of this vendor: 1 vCPU, nested paging, extension leaves and course layout A. */
void fake_kvm_init(struct fake_kvm *k, enum exitprobe_vendor vendor);

/* n exits of the hardware's code on the executing vCPU. */
void fake_kvm_exits(struct fake_kvm *k, uint32_t code, uint64_t n);
/* Exits of the code so far, all vCPUs. */
uint64_t fake_kvm_count(const struct fake_kvm *k, uint32_t code);
uint64_t fake_kvm_total(const struct fake_kvm *k);
uint32_t fake_kvm_slot(uint32_t code);
uint32_t fake_kvm_cpuid_code(const struct fake_kvm *k);
/* Does the course patch know this reason? (SDM of its time; SVM's sparse codes.) */
bool fake_kvm_defined(const struct fake_kvm *k, uint32_t code);
/* xorshift, the same sequence in each test. */
uint32_t fake_kvm_random(struct fake_kvm *k);

/* fake_host.c: the answer to a leaf that no patch adds. */
void fake_host_cpuid(const struct fake_kvm *k, uint32_t leaf, uint32_t subleaf, uint32_t regs[4]);

#endif
