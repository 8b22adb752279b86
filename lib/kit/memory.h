/* SPDX-License-Identifier: MIT */
/* Memory of the guest, laid out as a workload needs it. */
#ifndef KIT_MEMORY_H
#define KIT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Anonymous memory in pages of 4 KiB, never huge ones, and as much of it as there are addresses:
 * what is not touched is not reserved. NULL with errno. populate: mapped to pages
 * of its own already, though the program never touched it. */
#define PAGE 4096ul
void *workload_map(size_t size, bool populate);

/* Where nothing is mapped: an address on that alignment with size free bytes; NULL with errno. */
void *workload_find_gap(size_t size, size_t alignment);

/*
 * So many writes to the entry of one huge page that KVM takes its table for no page table any more
 * (mmu.c detect_write_flooding): what comes later is the same, however many pages were given back.
 */
int workload_unshadow(void *huge_page);

#endif
