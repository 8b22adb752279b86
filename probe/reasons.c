// SPDX-License-Identifier: MIT
#include <stddef.h>

#include "internal.h"

static const struct exitprobe_reason other = {
	EXITPROBE_CODE_OTHER, EXITPROBE_OTHER, "OTHER",
	"Every exit whose reason has no counter of its own."
};

const struct exitprobe_reason *exitprobe_reasons(enum exitprobe_vendor vendor, unsigned int *n)
{
	switch (vendor) {
	case EXITPROBE_VMX:
		*n = ep_vmx_count;
		return ep_vmx_reasons;
	case EXITPROBE_SVM:
		*n = ep_svm_count;
		return ep_svm_reasons;
	default:
		*n = 0;
		return NULL;
	}
}

const struct exitprobe_reason *exitprobe_reason(enum exitprobe_vendor vendor, uint32_t code)
{
	unsigned int low = 0, high, middle;
	const struct exitprobe_reason *table = exitprobe_reasons(vendor, &high);

	if (table && code == EXITPROBE_CODE_OTHER)
		return &other;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (table[middle].code == code)
			return &table[middle];
		if (table[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
