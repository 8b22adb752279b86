// SPDX-License-Identifier: MIT
/*
 * With nested paging KVM intercepts neither the guest's invalidations nor its page faults (vmx.c
 * vmx_exec_control, svm.c init_vmcb and svm_recalc_instruction_intercepts); with shadow paging
 * there is no EPT or NPT that could fault. Page faults decide nothing on VMX: reason 0 includes
 * other exceptions.
 */
#include "internal.h"

static bool only_nested(enum exitprobe_vendor vendor, uint32_t code)
{
	if (vendor == EXITPROBE_VMX)
		return code == 48 || code == 49; /* EPT_VIOLATION, EPT_MISCONFIG */
	return vendor == EXITPROBE_SVM && code == 0x400;
}

static bool only_shadow(enum exitprobe_vendor vendor, uint32_t code)
{
	if (vendor == EXITPROBE_VMX)
		return code == 14 || code == 58; /* INVLPG, INVPCID */
	return vendor == EXITPROBE_SVM && (code == 0x4e || code == 0x79 || code == 0xa2);
}

enum exitprobe_fingerprint exitprobe_fingerprint_of(bool nested, bool shadow)
{
	if (nested && shadow)
		return EXITPROBE_LOOKS_MIXED;
	if (nested)
		return EXITPROBE_LOOKS_NESTED;
	return shadow ? EXITPROBE_LOOKS_SHADOW : EXITPROBE_LOOKS_UNDECIDED;
}

enum exitprobe_fingerprint exitprobe_fingerprint_codes(enum exitprobe_vendor vendor,
						       const uint32_t *codes,
						       const uint64_t *counts, unsigned int n)
{
	bool nested = false, shadow = false;
	unsigned int i;

	for (i = 0; i < n; i++) {
		nested |= counts[i] && only_nested(vendor, codes[i]);
		shadow |= counts[i] && only_shadow(vendor, codes[i]);
	}
	return exitprobe_fingerprint_of(nested, shadow);
}

enum exitprobe_fingerprint exitprobe_fingerprint(const struct exitprobe *p,
						 const struct exitprobe_snapshot *s)
{
	uint32_t codes[EXITPROBE_SLOTS];
	uint32_t slot;

	for (slot = 0; slot < p->slots; slot++)
		codes[slot] = ep_slot_code(slot);
	return exitprobe_fingerprint_codes(p->vendor, codes, s->count, p->slots);
}
