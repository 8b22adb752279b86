/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest of kernel-patch/cost: real-mode code that times itself. A load is one row of load.h; its code begins at
 * guest_NAME, runs `blocks` blocks of `ops` operations, and leaves the cycles of each block in `cycles`. The host knows
 * that it is done by an OUT to PORT_DONE.
 */
#include "guest.h"

	.code16
	.section .rodata
	.balign 16
	.globl guest_begin, guest_end
guest_begin:

/* BP counts operations, ESI is the TSC at the block's begin, DI where its cycles go. */
	.macro load name:req, body:vararg
	.globl guest_\name
guest_\name:
	mov $CYCLES, %di
	mov (BLOCKS), %ebx
	mov %ebx, (LEFT)
1:	rdtsc
	mov %eax, %esi
	mov (OPS), %bp
2:	\body
	dec %bp
	jnz 2b
	rdtsc
	sub %esi, %eax
	mov %eax, (%di)
	add $4, %di
	decl (LEFT)
	jnz 1b
	out %al, $PORT_DONE
	.endm

	.macro do_cpuid
	mov (LEAF), %eax
	mov (INDEX), %ecx
	cpuid
	.endm

	.macro do_rdmsr
	mov $MSR_MISC_ENABLE, %ecx
	rdmsr
	.endm

	/* KVM replaces the wrong vendor's instruction, once. */
	.macro do_hypercall
	mov $0xffff, %eax
	vmcall
	.endm

	.macro do_nothing
	.endm
	.macro do_out_kernel
	out %al, $PORT_KERNEL
	.endm
	.macro do_out_user
	out %al, $PORT_USER
	.endm
	.macro do_hlt
	hlt
	.endm

	.macro do_mix
	do_cpuid
	do_rdmsr
	do_hypercall
	do_out_kernel
	do_out_user
	do_hlt
	.endm

	load nothing do_nothing
	load cpuid do_cpuid
	load rdmsr do_rdmsr
	load hypercall do_hypercall
	load out_kernel do_out_kernel
	load out_user do_out_user
	load hlt do_hlt
	load mix do_mix

guest_end:
	.section .note.GNU-stack, "", @progbits
