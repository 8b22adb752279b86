// SPDX-License-Identifier: MIT
/*
 * Exit codes of SVM: AMD APM volume 2, appendix C, revision 3.44 (March 2026). Names as in Linux
 * uapi asm/svm.h; those it lacks are the APM's. Left out: -2 to -4, errors of SEV-SNP and PMC
 * virtualization only, which have no counter of their own.
 */
#include "internal.h"

#define REASON(code, group, name, text)             \
	{                                           \
		code, EXITPROBE_##group, name, text \
	}

#define READ_CR(n) REASON(0x00 + (n), CR_ACCESS, "READ_CR" #n, "Read of CR" #n ".")
#define WRITE_CR(n) REASON(0x10 + (n), CR_ACCESS, "WRITE_CR" #n, "Write of CR" #n ".")
#define READ_DR(n) REASON(0x20 + (n), OTHER, "READ_DR" #n, "Read of DR" #n ".")
#define WRITE_DR(n) REASON(0x30 + (n), OTHER, "WRITE_DR" #n, "Write of DR" #n ".")
#define CR_TRAP(n) \
	REASON(0x90 + (n), CR_ACCESS, "CR" #n "_WRITE_TRAP", "After a write of CR" #n " (SEV-ES).")
#define SIXTEEN(row)                                                                             \
	row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7), row(8), row(9), row(10), \
		row(11), row(12), row(13), row(14), row(15)
#define EXCEPTION(vector, name, text) REASON(0x40 + (vector), EXCEPTION, "EXCP_" name, text)
#define RESERVED(vector) EXCEPTION(vector, #vector, "Exception " #vector ", reserved.")

const struct exitprobe_reason ep_svm_reasons[] = {
	SIXTEEN(READ_CR),
	SIXTEEN(WRITE_CR),
	SIXTEEN(READ_DR),
	SIXTEEN(WRITE_DR),
	EXCEPTION(0, "DE", "Divide error."),
	EXCEPTION(1, "DB", "Debug exception."),
	EXCEPTION(2, "NMI", "Vector 2; an NMI has a code of its own."),
	EXCEPTION(3, "BP", "Breakpoint."),
	EXCEPTION(4, "OF", "Overflow."),
	EXCEPTION(5, "BR", "Bound range exceeded."),
	EXCEPTION(6, "UD", "Invalid opcode."),
	EXCEPTION(7, "NM", "Device not available."),
	EXCEPTION(8, "DF", "Double fault."),
	RESERVED(9),
	EXCEPTION(10, "TS", "Invalid TSS."),
	EXCEPTION(11, "NP", "Segment not present."),
	EXCEPTION(12, "SS", "Stack fault."),
	EXCEPTION(13, "GP", "General protection."),
	REASON(0x4e, PAGE_FAULT, "EXCP_PF", "Page fault; intercepted under shadow paging."),
	RESERVED(15),
	EXCEPTION(16, "MF", "x87 floating point."),
	EXCEPTION(17, "AC", "Alignment check."),
	EXCEPTION(18, "MC", "Machine check."),
	EXCEPTION(19, "XF", "SIMD floating point."),
	RESERVED(20),
	EXCEPTION(21, "CP", "Control protection."),
	RESERVED(22),
	RESERVED(23),
	RESERVED(24),
	RESERVED(25),
	RESERVED(26),
	RESERVED(27),
	EXCEPTION(28, "HV", "Hypervisor injection."),
	EXCEPTION(29, "VC", "VMM communication (SEV-ES)."),
	EXCEPTION(30, "SX", "Security exception."),
	RESERVED(31),
	REASON(0x60, INTERRUPT, "INTR", "An interrupt for the host arrived."),
	REASON(0x61, INTERRUPT, "NMI", "An NMI arrived."),
	REASON(0x62, OTHER, "SMI", "An SMI arrived."),
	REASON(0x63, OTHER, "INIT", "An INIT signal arrived."),
	REASON(0x64, INTERRUPT_WINDOW, "VINTR", "The guest can take an interrupt again."),
	REASON(0x65, CR_ACCESS, "CR0_SEL_WRITE", "Write of CR0 beyond its TS and MP bits."),
	REASON(0x66, OTHER, "IDTR_READ", "SIDT."),
	REASON(0x67, OTHER, "GDTR_READ", "SGDT."),
	REASON(0x68, OTHER, "LDTR_READ", "SLDT."),
	REASON(0x69, OTHER, "TR_READ", "STR."),
	REASON(0x6a, OTHER, "IDTR_WRITE", "LIDT."),
	REASON(0x6b, OTHER, "GDTR_WRITE", "LGDT."),
	REASON(0x6c, OTHER, "LDTR_WRITE", "LLDT."),
	REASON(0x6d, OTHER, "TR_WRITE", "LTR."),
	REASON(0x6e, OTHER, "RDTSC", "Read of the time-stamp counter, where intercepted."),
	REASON(0x6f, OTHER, "RDPMC", "Read of a performance counter."),
	REASON(0x70, OTHER, "PUSHF", "The PUSHF instruction."),
	REASON(0x71, OTHER, "POPF", "The POPF instruction."),
	REASON(0x72, CPUID, "CPUID", "The CPUID instruction; KVM always intercepts it."),
	REASON(0x73, OTHER, "RSM", "Return from system-management mode."),
	REASON(0x74, INTERRUPT_WINDOW, "IRET", "IRET; KVM waits for it before the next NMI."),
	REASON(0x75, OTHER, "SWINT", "The INT n instruction."),
	REASON(0x76, OTHER, "INVD", "The INVD instruction."),
	REASON(0x77, PAUSE, "PAUSE", "PAUSE in a spin loop that ran too long."),
	REASON(0x78, HLT, "HLT", "The guest is idle and halts."),
	REASON(0x79, INVLPG, "INVLPG",
	       "Invalidation of one page; intercepted under shadow paging."),
	REASON(0x7a, OTHER, "INVLPGA", "SVM instruction of a guest hypervisor."),
	REASON(0x7b, IO, "IOIO", "IN, OUT and their string forms."),
	REASON(0x7c, MSR, "MSR", "RDMSR or WRMSR, such as a timer or an IPI."),
	REASON(0x7d, OTHER, "TASK_SWITCH", "A hardware task switch."),
	REASON(0x7e, OTHER, "FERR_FREEZE", "x87 error in legacy mode."),
	REASON(0x7f, OTHER, "SHUTDOWN", "The guest faulted while handling a double fault."),
	REASON(0x80, OTHER, "VMRUN", "SVM instruction of a guest hypervisor."),
	REASON(0x81, HYPERCALL, "VMMCALL", "A hypercall."),
	REASON(0x82, OTHER, "VMLOAD", "SVM instruction of a guest hypervisor."),
	REASON(0x83, OTHER, "VMSAVE", "SVM instruction of a guest hypervisor."),
	REASON(0x84, OTHER, "STGI", "SVM instruction of a guest hypervisor."),
	REASON(0x85, OTHER, "CLGI", "SVM instruction of a guest hypervisor."),
	REASON(0x86, OTHER, "SKINIT", "SVM instruction of a guest hypervisor."),
	REASON(0x87, OTHER, "RDTSCP", "Read of the time-stamp counter, where intercepted."),
	REASON(0x88, OTHER, "ICEBP", "The INT1 instruction."),
	REASON(0x89, OTHER, "WBINVD", "WBINVD or WBNOINVD."),
	REASON(0x8a, OTHER, "MONITOR", "MONITOR or MONITORX."),
	REASON(0x8b, OTHER, "MWAIT", "MWAIT or MWAITX."),
	REASON(0x8c, OTHER, "MWAIT_COND", "MWAIT with the monitor armed."),
	REASON(0x8d, OTHER, "XSETBV", "Write of an extended control register."),
	REASON(0x8e, OTHER, "RDPRU", "The RDPRU instruction."),
	REASON(0x8f, MSR, "EFER_WRITE_TRAP", "After a write of EFER (SEV-ES)."),
	SIXTEEN(CR_TRAP),
	REASON(0xa0, OTHER, "INVLPGB", "Broadcast of an invalidation."),
	REASON(0xa1, OTHER, "INVLPGB_ILLEGAL", "Broadcast of an invalidation that is not allowed."),
	REASON(0xa2, INVLPG, "INVPCID", "Invalidation by PCID; intercepted under shadow paging."),
	REASON(0xa3, OTHER, "MCOMMIT", "The MCOMMIT instruction."),
	REASON(0xa4, OTHER, "TLBSYNC", "The TLBSYNC instruction."),
	REASON(0xa5, OTHER, "BUS_LOCK", "The guest locked the bus."),
	REASON(0xa6, HLT, "IDLE_HLT", "The guest halts while no event is pending."),
	REASON(0x400, NESTED_PAGE_FAULT, "NPF",
	       "The nested page table does not allow this access."),
	REASON(0x401, OTHER, "AVIC_INCOMPLETE_IPI", "An IPI that the AVIC could not deliver."),
	REASON(0x402, OTHER, "AVIC_UNACCELERATED_ACCESS",
	       "An access that the AVIC does not virtualize."),
	REASON(0x403, HYPERCALL, "VMGEXIT", "An SEV-ES guest calls its host."),
	REASON(0xf0000000, OTHER, "SW", "Reserved for hypervisors; the hardware never reports it."),
	REASON(0xffffffff, OTHER, "ERR", "Entry failed: the VMCB is not valid."),
};

const unsigned int ep_svm_count = sizeof(ep_svm_reasons) / sizeof(ep_svm_reasons[0]);
