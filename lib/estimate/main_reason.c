// SPDX-License-Identifier: MIT
#include "estimate/main_reason.h"

#include <stddef.h>

/* Where the first code of a class is not the one that guests cause most. */
static const struct {
	enum exitprobe_vendor vendor;
	uint32_t code;
} usual[] = {
	{ EXITPROBE_SVM, 0x13 }, /* WRITE_CR3 */
	{ EXITPROBE_SVM, 0x46 }, /* EXCP_UD */
	{ EXITPROBE_VMX, 32 },   /* MSR_WRITE */
};

const struct exitprobe_reason *main_reason(enum exitprobe_vendor vendor,
					   enum exitprobe_class exit_class)
{
	const struct exitprobe_reason *reason, *table;
	unsigned int i, n;

	for (i = 0; i < sizeof(usual) / sizeof(*usual); i++) {
		reason = exitprobe_reason(vendor, usual[i].code);
		if (usual[i].vendor == vendor && reason && reason->exit_class == exit_class)
			return reason;
	}
	table = exitprobe_reasons(vendor, &n);
	for (i = 0; i < n; i++)
		if (table[i].exit_class == exit_class)
			return &table[i];
	return NULL;
}
