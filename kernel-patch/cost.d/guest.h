/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the guest of kernel-patch/cost and its VMM: addresses in its memory, and ports. */
#ifndef COST_GUEST_H
#define COST_GUEST_H

#define CODE 0x1000
#define OPS 0x2000    /* operations of a block */
#define BLOCKS 0x2004 /* blocks to run */
#define LEAF 0x2008
#define INDEX 0x200c
#define LEFT 0x2010
#define CYCLES 0x3000  /* of each block, 32 bits */
#define MEMORY 0x10000 /* of each vCPU; the first one's holds the code */

#define PORT_KERNEL 0x80 /* an ioeventfd: answered in the kernel */
#define PORT_USER 0x81   /* answered by the VMM */
#define PORT_DONE 0x82

#define MSR_MISC_ENABLE 0x1a0

#endif /* COST_GUEST_H */
