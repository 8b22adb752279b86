/* SPDX-License-Identifier: MIT */
/*
 * cpuid(1) as an independent reader of CPUID: another program, written by others, that decodes the
 * same instruction.
 */
#ifndef CMD_REFERENCE_H
#define CMD_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "exitprobe.h"

/* kernel-patch/ABI.md */
#define LEAF_FIRST 0x4fffff00u
#define LEAF_COUNT 0x4fffff02u
#define INDEX_TOTAL 0xffffu

struct reference {
	const char *program;
};

/* The instruction itself; regs: EAX, EBX, ECX, EDX. One exit. */
void instruction(uint32_t leaf, uint32_t index, uint32_t regs[4]);

/* 0 when the program can be run and answers as cpuid(1) does; else a sentence in `why`. */
int reference_open(struct reference *r, const char *program, char *why, size_t size);

/*
 * One leaf as the program reads it: `PROGRAM -1 -r -l LEAF -s INDEX`. 0, -ENOENT when the program
 * cannot be run, -EPROTO when what it prints is something else. Costs the exits of a process and of
 * all the CPUIDs that it executes.
 */
int reference_read(const struct reference *r, uint32_t leaf, uint32_t index, uint32_t regs[4]);

/* The course's leaf that shows the count of one reason in this layout (facts: kernel-patch/ABI.md).
 */
uint32_t reference_course_leaf(enum exitprobe_backend layout);

#endif
