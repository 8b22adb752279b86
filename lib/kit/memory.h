/* SPDX-License-Identifier: MIT */
/* Guest memory, laid out as a workload needs it. */
#ifndef KIT_MEMORY_H
#define KIT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Anonymous memory in 4 KiB pages, never huge ones; size in bytes, limited by addresses alone,
 * since untouched pages are not reserved; NULL with errno. populate: map pages now, though the
 * program never touches them. */
#define PAGE 4096ul
void *workload_map(size_t size, bool populate);

/* An aligned address with size unmapped bytes; NULL with errno. */
void *workload_find_gap(size_t size, size_t alignment);

/*
 * Write the entry of a huge page so often that KVM stops treating its table as a page table (mmu.c
 * detect_write_flooding): what follows is then the same, however many pages were given back. 0 or
 * -errno.
 */
int workload_unshadow(void *huge_page);

#endif
