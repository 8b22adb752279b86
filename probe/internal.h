/* SPDX-License-Identifier: MIT */
/* What the files of libexitprobe share. Nothing of it is public. */
#ifndef EXITPROBE_INTERNAL_H
#define EXITPROBE_INTERNAL_H

#include "exitprobe.h"

/* Leaves of ABI 1, kernel-patch/ABI.md. */
#define LEAF_SIGNATURE 0x4fffff00u
#define LEAF_FEATURES 0x4fffff01u
#define LEAF_COUNT 0x4fffff02u
#define LEAF_WALL 0x4fffff03u
#define LEAF_NON_ZERO 0x4fffff04u
#define LEAF_INSTANCE 0x4fffff05u
#define LEAF_HISTOGRAM 0x4fffff06u
#define LEAF_LAST 0x4fffffffu
#define ABI_VERSION 1u
#define THIS_VCPU_BIT 0x80000000u

/* Slots of ABI 1: codes below 0xc0 are their own slot, then 0x400.., invalid state, and the rest.
 */
#define SLOT_400 0xc0u
#define CODES_400 8u
#define SLOT_INVALID 0xc8u
#define SLOT_OTHER 0xc9u
#define ABI_SLOTS 0xcau

#define VMX_CPUID 10u
#define SVM_CPUID 0x72u
#define SVM_INVALID 0xffffffffu

enum { EAX, EBX, ECX, EDX };

/* All CPUIDs go through ep_read(), which counts them. */
struct reader {
	struct exitprobe_source source;
	uint32_t cost;
};

void ep_cpuid_instruction(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4]);

static inline void ep_read(struct reader *r, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	r->source.cpuid(r->source.context, leaf, subleaf, regs);
	r->cost++;
}

/* Which hypervisor this is, apart from its counters. */
struct host {
	uint32_t highest_basic; /* EAX of leaf 0 */
	bool amd;               /* guest's CPU vendor is AMD or Hygon */
	bool kvm; /* KVM's signature at 0x40000000, or at 0x40000100 behind Hyper-V's */
};

void ep_describe_host(struct exitprobe *p, struct reader *r, struct host *host);
void ep_explain_missing(struct exitprobe *p, struct reader *r, const struct host *host);

/* Leaf 1, or the leaf of extended topology: the vcpu_id of KVM. One or two exits. */
uint32_t ep_apic_id(struct reader *r);

/* Counts of the pages, of one or all vCPUs; no exit, unless THIS_VCPU is among the flags. */
int ep_read_pages(const struct exitprobe *p, struct reader *r, struct exitprobe_snapshot *s);
int ep_open_page(struct exitprobe *p, struct reader *r, const char *devices);
#define PCI_DEVICES "/sys/bus/pci/devices"

/* Each fills *p and returns 0, or returns -ENODEV (not found) or another error with p->why. */
int ep_open_leaves(struct exitprobe *p, struct reader *r);
int ep_open_course(struct exitprobe *p, struct reader *r, const struct host *host);

/* Leaf numbers of one course layout. */
struct course_layout {
	enum exitprobe_backend backend;
	uint32_t total;  /* all exits, EAX */
	uint32_t count;  /* exits of reason ECX, EAX */
	uint32_t cycles; /* cycles of reason ECX, EBX:ECX; 0: the layout has none */
};
const struct course_layout *ep_course_layout(enum exitprobe_backend backend);

/* Is a reason that the manual does not define answered as the course says? Costs one exit. */
bool ep_course_heeds_undefined(struct reader *r, const struct course_layout *layout,
			       enum exitprobe_vendor vendor);

/* The mapping itself, whether or not there is a backend. */
uint32_t ep_slot_code(uint32_t slot);
int ep_code_slot(uint32_t code);

extern const struct exitprobe_reason ep_vmx_reasons[], ep_svm_reasons[];
extern const unsigned int ep_vmx_count, ep_svm_count;

#endif
