/* SPDX-License-Identifier: MIT */
/* What a workload declares about its exits: bands with their source, and the macros to write
 * them. */
#ifndef EXPECT_H
#define EXPECT_H

#include "exitprobe.h" /* only for the names of vendors, paging modes and classes */

/*
 * Exits per operation that the mechanism must cause. A class without a line is expected to stay 0.
 * Zero in a selecting field means "any".
 */
struct expectation {
	enum exitprobe_paging paging;
	enum exitprobe_class exit_class;
	double low, high;
	enum exitprobe_vendor vendor;
	const char *mechanism;
	const char *pti;    /* "on" or "off": page-table isolation of the guest's kernel */
	const char *source; /* KVM file and function, and the measured value with its date */
};

/* With PTI each kernel entry and each return reads and writes CR3: entry/calling.h
 * SWITCH_TO_{KERNEL,USER}_CR3. */
#define KERNEL_ENTRY_CR 4

#define NESTED EXITPROBE_NESTED
#define SHADOW EXITPROBE_SHADOW
#define VMX EXITPROBE_VMX
#define SVM EXITPROBE_SVM
#define PAGE_FAULT EXITPROBE_PAGE_FAULT
#define NESTED_PAGE_FAULT EXITPROBE_NESTED_PAGE_FAULT
#define CR_ACCESS EXITPROBE_CR_ACCESS
#define INVLPG EXITPROBE_INVLPG
#define CPUID EXITPROBE_CPUID
#define IO EXITPROBE_IO
#define MSR EXITPROBE_MSR
#define HLT EXITPROBE_HLT
#define INTERRUPT EXITPROBE_INTERRUPT
#define MMIO EXITPROBE_MMIO
#define EXCEPTION EXITPROBE_EXCEPTION
#define INTERRUPT_WINDOW EXITPROBE_INTERRUPT_WINDOW

/* A mechanism with an integer count: within 0.5 % of x, the tolerance that the slope of a finite
 * run needs. */
#define EXACTLY(x) (0.995 * (x)), (1.005 * (x))
#define BETWEEN(l, h) (l), (h)
/*
 * Notifications of a virtio device: each is one write to a page that is never mapped. virtio_mmio
 * and virtio_pci_modern have no other way (drivers/virtio/virtio_pci_common.c vp_notify).
 */
#define NOTIFIES(low, high, text)                                                                    \
	{ NESTED, NESTED_PAGE_FAULT,                                                                 \
	  (low),  (high),                                                                            \
	  SVM,    .source = "svm.c npf_interception, a write without a page; " text },               \
		{ NESTED, MMIO, (low),                                                               \
		  (high), VMX,  .source = "vmx.c handle_ept_misconfig, fast MMIO; " text },          \
		{ SHADOW, PAGE_FAULT, (low),                                                         \
		  (high), SVM,        .source = "mmu.c kvm_mmu_page_fault, a reserved bit; " text }, \
	{                                                                                            \
		SHADOW, EXCEPTION, (low), (high), VMX,                                               \
			.source = "mmu.c kvm_mmu_page_fault, a reserved bit; " text                  \
	}
/*
 * Waiting for a device: the CPU goes idle and halts, unless the device is done before that; its
 * interrupt wakes the CPU or arrives earlier. Which of these happens depends on the outer machine's
 * scheduling.
 */
#define WAITS(times)                                                                          \
	{ 0, HLT, 0, 1.1 * (times),                                                           \
	  .source = "idle until the interrupt, or interrupted before it halts" },             \
		{ 0, MSR, 0, 4 * (times),                                                     \
		  .source = "idle stops and starts the tick: tick-sched.c" },                 \
		{ 0, INTERRUPT, 0, 2 * (times), .source = "the device's interrupt: apic.c" }, \
	{                                                                                     \
		0, INTERRUPT_WINDOW, 0, 2.5 * (times),                                        \
			.source = "the interrupt waits for the guest to take it"              \
	}
/* For class INVLPG: nothing but .flushes. */
#define FLUSHES_ONLY 0, 0

#endif
