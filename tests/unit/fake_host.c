// SPDX-License-Identifier: MIT
/* Answers to CPUID that come from no patch: the CPU's own leaves, hypervisors' signatures, and
 * undefined leaves. */
#include <string.h>

#include "fake_kvm.h"

enum { A, B, C, D }; /* EAX, EBX, ECX, EDX */

static bool has_subleaves(uint32_t leaf)
{
	return leaf == 4 || leaf == 7 || leaf == 0xd || leaf == 0xf || leaf == 0x10 ||
	       leaf == 0x12 || leaf == 0x14 || (leaf >= 0x17 && leaf != 0x19);
}

static void basic_leaf(const struct fake_kvm *k, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	const char *name = k->amd_name ? "AuthenticAMD" : "GenuineIntel";

	memset(regs, 0, 4 * sizeof(regs[0]));
	if (leaf == 0) {
		regs[A] = k->basic;
		memcpy(&regs[B], name, 4);
		memcpy(&regs[D], name + 4, 4);
		memcpy(&regs[C], name + 8, 4);
	} else if (leaf == 1) {
		regs[A] = 0x306c3;
		regs[C] = k->host == FAKE_BARE_METAL ? 0 : 0x80000000;
	} else if (leaf == 0xb || leaf == 0x1f) {
		if (subleaf < 2) {
			regs[A] = subleaf ? 4 : 1;
			regs[B] = subleaf ? k->vcpus : 1;
			regs[C] = (subleaf + 1) << 8;
		}
		regs[C] |= subleaf & 0xff;
		regs[D] = k->vcpu; /* x2APIC ID, for any subleaf */
	} else if (leaf <= k->basic && (!has_subleaves(leaf) || subleaf < 4)) {
		regs[A] = leaf * 0x01000193 + (has_subleaves(leaf) ? subleaf : 0);
		regs[B] = regs[A] ^ 0x5a5a5a5a;
		regs[C] = leaf;
	}
}

static const char *hypervisor_signature(const struct fake_kvm *k, uint32_t leaf)
{
	switch (k->host) {
	case FAKE_KVM:
		return leaf == 0x40000000 ? "KVMKVMKVM\0\0\0" : NULL;
	case FAKE_KVM_AS_HYPERV:
		return leaf == 0x40000000   ? "Microsoft Hv"
		       : leaf == 0x40000100 ? "KVMKVMKVM\0\0\0"
					    : NULL;
	case FAKE_TCG:
		return leaf == 0x40000000 ? "TCGTCGTCGTCG" : NULL;
	case FAKE_VMWARE:
		return leaf == 0x40000000 ? "VMwareVMware" : NULL;
	case FAKE_HYPERV:
		return leaf == 0x40000000 ? "Microsoft Hv" : NULL;
	case FAKE_NOVEL:
		return leaf == 0x40000000 ? "New\x01ness\xff v9" : NULL;
	default:
		return NULL;
	}
}

/*
 * An undefined leaf. KVM: get_out_of_range_cpuid_entry(), the highest basic leaf for Intel guests
 * and zeros for AMD guests; so does Intel's hardware. TCG: cpu_x86_cpuid(), the highest basic leaf
 * for all.
 */
static void unknown_leaf(const struct fake_kvm *k, uint32_t subleaf, uint32_t regs[4])
{
	memset(regs, 0, 4 * sizeof(regs[0]));
	if (k->host == FAKE_TCG || (!k->amd_name && k->host != FAKE_HYPERV))
		basic_leaf(k, k->basic, subleaf, regs);
}

void fake_host_cpuid(const struct fake_kvm *k, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	const char *signature = hypervisor_signature(k, leaf);

	if (leaf <= k->basic) {
		basic_leaf(k, leaf, subleaf, regs);
	} else if (signature) {
		memset(regs, 0, 4 * sizeof(regs[0]));
		regs[A] = leaf + 1;
		memcpy(&regs[B], signature, 12);
	} else {
		unknown_leaf(k, subleaf, regs);
	}
}
