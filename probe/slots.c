// SPDX-License-Identifier: MIT
#include <errno.h>

#include "internal.h"

uint32_t ep_slot_code(uint32_t slot)
{
	if (slot < SLOT_400)
		return slot;
	if (slot < SLOT_400 + CODES_400)
		return 0x400u + (slot - SLOT_400);
	return slot == SLOT_INVALID ? SVM_INVALID : EXITPROBE_CODE_OTHER;
}

int ep_code_slot(uint32_t code)
{
	if (code < SLOT_400)
		return (int)code;
	if (code - 0x400u < CODES_400)
		return (int)(SLOT_400 + (code - 0x400u));
	if (code == SVM_INVALID)
		return (int)SLOT_INVALID;
	return code == EXITPROBE_CODE_OTHER ? (int)SLOT_OTHER : -ENOENT;
}

uint32_t exitprobe_slot_code(const struct exitprobe *p, uint32_t slot)
{
	return slot < p->slots ? ep_slot_code(slot) : EXITPROBE_CODE_OTHER;
}

int exitprobe_code_slot(const struct exitprobe *p, uint32_t code)
{
	return p->slots ? ep_code_slot(code) : -ENOENT;
}

uint32_t exitprobe_cpuid_slot(const struct exitprobe *p)
{
	switch (p->vendor) {
	case EXITPROBE_VMX:
		return VMX_CPUID;
	case EXITPROBE_SVM:
		return SVM_CPUID;
	default:
		return 0;
	}
}
