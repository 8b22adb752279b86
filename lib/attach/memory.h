/* SPDX-License-Identifier: MIT */
/*
 * The memory of the pages: a file that the VMM has mapped and shows its guest as a device
 * (ivshmem). None of it is the guest's RAM, so nothing else can lie there.
 */
#ifndef ATTACH_MEMORY_H
#define ATTACH_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "page.h"

struct memory {
	char file[256];      /* as the VMM's process names it */
	uint64_t address;    /* in the VMM's process */
	size_t size;         /* bytes, of the mapping */
	unsigned int pages;  /* that fit */
	unsigned char *here; /* the same memory in this process; its pages are PAGE_STRIDE apart */
	int fd;              /* holds the lock; -1: none */
};

/*
 * Find the VMM's mapping of `file` (its path in the VMM; NULL: the one whose name begins with
 * "exit-pages") and map it here. Nothing is written yet. 0, or a negative errno with a message of
 * one line; -ENOENT if there is no such mapping.
 */
int memory_open(struct memory *m, pid_t pid, const char *file, char *message, size_t size);

struct memory_header {
	unsigned int vendor, paging, instance, flags, tsc_khz, copy_us;
};
/* One page empty, then valid: vCPU i's of `pages`. */
void memory_describe(struct exit_page *page, const struct memory_header *h, unsigned int i,
		     unsigned int pages);
/* Every page of the memory, the first one's magic last. */
void memory_begin(const struct memory *m, const struct memory_header *h);
struct exit_page *memory_page(const struct memory *m, unsigned int i);
/*
 * Are the pages still where memory_open() found them? And put them into the VMM's page tables, by
 * reading them there: a BPF program cannot wait for a fault, and a VMM need not have touched a
 * device's memory. 0, or a negative errno with a message.
 */
int memory_populate(const struct memory *m, pid_t pid, char *message, size_t size);
/* Remove the file's name, in the VMM's own root; who has mapped it keeps it. */
void memory_unlink(const struct memory *m, pid_t pid);
/* No host counts any more. The counts stay. */
void memory_end(const struct memory *m);
/* Undo memory_open(). Harmless for a struct of zeros with fd -1. */
void memory_close(struct memory *m);

#endif
