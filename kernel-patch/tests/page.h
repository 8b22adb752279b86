/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts without the patch, next to it: suite-attach's map as a VM's memory. */
#ifndef EXIT_STATS_PAGE_H
#define EXIT_STATS_PAGE_H

#include <stdint.h>

#include "vm.h"

/*
 * Have suite-attach count this process' only VM, and give the VM its counts as memory. NULL, or
 * why that cannot be done here.
 */
const char *page_show(struct vm *vm);

/* What the guest finds: its count of @slot, loaded from its own memory. */
uint32_t page_count(struct vm *vm, uint32_t slot);

void page_end(void);

#endif /* EXIT_STATS_PAGE_H */
